import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Ajv} from 'ajv';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {readCsv} from '../helpers/csv.ts';
import {makeWorkplace, type Workplace} from '../helpers/kubekata.ts';
import {elements, readMarkup} from '../helpers/markup.ts';
import {broken, safe, web} from './manifests.ts';

const evil = web
  .replace('name: web  #', 'name: "</td><script>alert(1)</script>|`&"  #')
  .replace('hostPID: true', 'hostPID: true\n      automountServiceAccountToken: true');
const accepted = 'exceptions:\n- {control: C-0038, name: web, reason: "it is <b>old</b>", until: never}\n';

let place: Workplace;
beforeAll(async () => {
  place = makeWorkplace();
  place.write('deploy/web.yaml', web);
  place.write('deploy/nested/safe.yaml', safe);
  await place.run(['scan', '--manifests', 'deploy', '--format', 'json', '--output', 'base.json']);
  place.write('deploy/with space/evil.yaml', evil);
  place.write('deploy/broken.yaml', broken);
  place.write('kubekata.yaml', accepted);
});
afterAll(() => place.remove());

const print = async (format: string, ...words: readonly string[]): Promise<string> => {
  const {stdout, code} = await place.run(['scan', '--manifests', 'deploy', '--format', format, ...words]);
  expect(code).toBe(3);
  return stdout;
};

describe('JSON', () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../schemas/scan-report.schema.json'), 'utf8'),
  ) as object;
  const validate = new Ajv({allErrors: true, allowUnionTypes: true}).compile(schema);

  it('is as its schema says, with a baseline, accepted findings and unread files too', async () => {
    const report = JSON.parse(await print('json', '--baseline', 'base.json')) as ScanReport;
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.baseline?.new).toBeGreaterThan(0);
    expect(report.controls.some(({accepted: list}) => list.length > 0)).toBe(true);
    expect(report.incomplete).toHaveLength(1);
  });

  it('is as its schema says for a cluster', async () => {
    const {stdout} = await place.run(['scan', '--practice', '--format', 'json']);
    expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['a score above 100', {score: 101}],
    ['an unknown field', {colour: 'red'}],
    ['another version', {schemaVersion: 2}],
  ])('has a schema that refuses %s', async (_, change) => {
    const report = JSON.parse(readFileSync(place.path('base.json'), 'utf8')) as object;
    expect(validate(report)).toBe(true);
    expect(validate({...report, ...change})).toBe(false);
  });
});

type Region = {startLine: number; startColumn: number; endLine: number; endColumn: number};
type Sarif = {
  runs: {
    tool: {driver: {rules: {id: string}[]}};
    invocations: {executionSuccessful: boolean; toolExecutionNotifications: {level: string}[]}[];
    results: {
      ruleId: string;
      ruleIndex: number;
      baselineState?: string;
      suppressions?: {justification: string}[];
      partialFingerprints: Record<string, string>;
      locations: {physicalLocation: {artifactLocation: {uri: string}; region: Region}}[];
      fixes?: {
        artifactChanges: {
          artifactLocation: {uri: string};
          replacements: {deletedRegion: Region; insertedContent: {text: string}}[];
        }[];
      }[];
    }[];
  }[];
};

describe('SARIF', () => {
  const sarif = async (...words: readonly string[]) => {
    const [run] = (JSON.parse(await print('sarif', ...words)) as Sarif).runs;
    if (run === undefined) throw new Error('There is no run.');
    return run;
  };

  it('points at the file, the line and the column of the field', async () => {
    const {results} = await sarif();
    const found = results.find(
      ({ruleId, locations}) =>
        ruleId === 'C-0057' && locations[0]?.physicalLocation.artifactLocation.uri === 'deploy/web.yaml',
    );
    const region = found?.locations[0]?.physicalLocation.region;
    const line = web.split('\n')[(region?.startLine ?? 0) - 1] ?? '';
    expect(line.slice((region?.startColumn ?? 0) - 1)).toBe('privileged: true');
  });

  it('writes paths as URIs', async () => {
    const {results} = await sarif();
    const uris = results.map(({locations}) => locations[0]?.physicalLocation.artifactLocation.uri);
    expect(uris).toContain('deploy/with%20space/evil.yaml');
  });

  it('gives each result its rule and a fingerprint of its own', async () => {
    const {tool, results} = await sarif();
    for (const {ruleId, ruleIndex} of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const prints = results.map(({partialFingerprints}) => partialFingerprints['kubekata/v1']);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('tells what was not read, what is accepted, and what is new', async () => {
    const {invocations, results} = await sarif('--baseline', 'base.json');
    expect(invocations[0]?.executionSuccessful).toBe(false);
    expect(invocations[0]?.toolExecutionNotifications.some(({level}) => level === 'error')).toBe(true);
    const suppressed = results.filter(({suppressions}) => suppressions);
    expect(suppressed.map(({ruleId}) => ruleId)).toEqual(['C-0038']);
    expect(suppressed[0]?.suppressions?.[0]?.justification).toContain('it is <b>old</b>');
    expect(new Set(results.map(({baselineState}) => baselineState))).toEqual(
      new Set(['new', 'unchanged', undefined]),
    );
  });

  it('carries fixes that a scan does not find any more, applied as they stand', async () => {
    const {results} = await sarif();
    const fixed = results.filter(({fixes, locations}) => {
      return fixes && locations[0]?.physicalLocation.artifactLocation.uri === 'deploy/web.yaml';
    });
    expect(fixed.length).toBeGreaterThan(0);
    for (const {ruleId, fixes} of fixed) {
      const [change] = fixes?.[0]?.artifactChanges ?? [];
      const lines = web.match(/[^\n]*\n/g) ?? [];
      for (const {deletedRegion, insertedContent} of change?.replacements.toReversed() ?? []) {
        const {startLine, endLine} = deletedRegion;
        lines.splice(startLine - 1, endLine - startLine, insertedContent.text);
      }
      const count = async (text: string) => {
        const words = ['scan', '--manifests', '-', '--format', 'json', '--control', ruleId];
        const {stdout} = await place.run(words, {input: text});
        return (JSON.parse(stdout) as ScanReport).controls[0]?.failed;
      };
      expect(await count(web)).toBe(1);
      expect(await count(lines.join(''))).toBe(0);
    }
  });
});

describe('JUnit', () => {
  it('is well-formed, and its sums are those of its cases', async () => {
    const root = readMarkup(await print('junit'));
    expect(root.name).toBe('testsuites');
    const cases = elements(root, 'testcase');
    expect(Number(root.attributes.tests)).toBe(cases.length);
    expect(Number(root.attributes.failures)).toBe(elements(root, 'failure').length);
    expect(Number(root.attributes.errors)).toBe(1);
    for (const suite of elements(root, 'testsuite')) {
      expect(Number(suite.attributes.tests)).toBe(elements(suite, 'testcase').length);
      expect(Number(suite.attributes.failures)).toBe(elements(suite, 'failure').length);
      expect(Number(suite.attributes.skipped)).toBe(elements(suite, 'skipped').length);
    }
  });

  it('names the object, and the place of each finding', async () => {
    const root = readMarkup(await print('junit'));
    const found = elements(root, 'testcase').find(
      ({attributes}) => attributes.classname === 'C-0057' && attributes.name === 'Deployment/shop/web',
    );
    expect(found?.children[0]?.text).toMatch(/^deploy\/web\.yaml:18:11 spec\.template\S*\.privileged: /);
    const names = elements(root, 'testcase').map(({attributes}) => attributes.name);
    expect(names).toContain('Deployment/shop/</td><script>alert(1)</script>|`&');
  });
});

describe('HTML', () => {
  it('is one well-formed page that loads nothing and runs nothing', async () => {
    const text = await print('html');
    const page = readMarkup(text);
    expect(page.name).toBe('html');
    for (const name of ['script', 'link', 'iframe', 'object', 'img', 'base', 'form']) {
      expect(elements(page, name), name).toEqual([]);
    }
    expect(text).not.toMatch(/https?:|\burl\(|@import|\son\w+=/);
    expect(text).toContain('color-scheme: light dark');
  });

  it('shows text of manifests as text', async () => {
    const page = readMarkup(await print('html'));
    const shown = elements(page, 'code').map(({text}) => text);
    expect(shown).toContain('Deployment/shop/</td><script>alert(1)</script>|`&');
    expect(elements(page, 'td').some(({text}) => text.includes('it is <b>old</b>'))).toBe(true);
  });

  it('has a section for each control, the failing ones with the place', async () => {
    const page = readMarkup(await print('html'));
    const {controls} = JSON.parse(await print('json')) as ScanReport;
    expect(elements(page, 'details')).toHaveLength(controls.length);
    expect(elements(page, 'code').map(({text}) => text)).toContain('deploy/web.yaml:18:11');
  });
});

describe('CSV', () => {
  it('is read back as it was meant, and no cell is a formula', async () => {
    const [head, ...rows] = readCsv(await print('csv'));
    expect(head).toEqual(['control', 'name', 'severity', 'status', 'object', 'source', 'path', 'message']);
    expect(new Set(rows.map(({length}) => length))).toEqual(new Set([8]));
    expect(rows.map(([, , , , object]) => object)).toContain(
      'Deployment/shop/</td><script>alert(1)</script>|`&',
    );
    const privileged = rows.find(
      ([control, , , , object]) => control === 'C-0057' && object?.endsWith('/web'),
    );
    expect(privileged?.slice(2, 6)).toEqual([
      'high',
      'failed',
      'Deployment/shop/web',
      'deploy/web.yaml:18:11',
    ]);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+@\t\r-]/);
  });
});

describe('Markdown', () => {
  it('is a table for each failing control that no text of a manifest can break', async () => {
    const lines = (await print('markdown', '--baseline', 'base.json')).split('\n');
    expect(lines[0]).toMatch(/^## kubekata: [\d.]+ of 100$/);
    const cells = (line: string) => line.split(/(?<!\\)\|/).length;
    let width = 0;
    for (const [index, line] of lines.entries()) {
      if (!line.startsWith('|')) continue;
      if (!lines[index - 1]?.startsWith('|')) width = cells(line);
      expect(cells(line), line).toBe(width);
    }
    expect(lines.join('\n')).not.toContain('<script');
    expect(lines.some((line) => line.startsWith('| C-0057 | Deployment/shop/&lt;/td'))).toBe(true);
    expect(lines.filter((line) => line.startsWith('<details>')).length).toBe(
      lines.filter((line) => line === '</details>').length,
    );
  });
});
