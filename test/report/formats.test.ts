import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Ajv} from 'ajv';
import {parse as parseCsv} from 'csv-parse/sync';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse as parseYaml} from 'yaml';
import {plainTexts} from '../../src/report/plain.ts';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {web} from '../cli/manifests.ts';
import {
  acting,
  findingsOf,
  type HostilePlace,
  hostileFile,
  makeHostilePlace,
  print,
  rawId,
  readReport,
  shownId,
  shownReason,
} from './hostile.ts';

let place: HostilePlace;
beforeAll(async () => {
  place = await makeHostilePlace();
});
afterAll(() => place.remove());

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schemas/scan-report.schema.json'), 'utf8'),
) as object;
const validate = new Ajv({allErrors: true, allowUnionTypes: true}).compile(schema);

describe('JSON', () => {
  it('is as its schema says, with a baseline, accepted findings and unread files too', async () => {
    const report = await readReport(place, '--baseline', 'base.json');
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.baseline?.new).toBeGreaterThan(0);
    expect(report.controls.some(({accepted: list}) => list.length > 0)).toBe(true);
    expect(report.incomplete).toHaveLength(1);
  });

  it('holds hostile text as it is, and acts on no terminal', async () => {
    const text = await print(place, 'json');
    expect(text.replaceAll('\n', '')).not.toMatch(acting);
    const {controls} = JSON.parse(text) as ScanReport;
    expect(controls.flatMap(({objects}) => objects.map(({id}) => id))).toContain(rawId);
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

describe('YAML', () => {
  it('is read back as the JSON, each text on one line', async () => {
    const text = await print(place, 'yaml', '--baseline', 'base.json');
    expect(text).not.toMatch(acting);
    const report = parseYaml(text) as ScanReport;
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report).toEqual(plainTexts(await readReport(place, '--baseline', 'base.json')));
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
      message: {text: string};
      baselineState?: string;
      suppressions?: {justification: string}[];
      partialFingerprints: Record<string, string>;
      locations: {
        physicalLocation: {artifactLocation: {uri: string}; region: Region};
        logicalLocations: {name: string}[];
      }[];
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
    const [run] = (JSON.parse(await print(place, 'sarif', ...words)) as Sarif).runs;
    if (run === undefined) throw new Error('There is no run.');
    return run;
  };

  it.each([[[]], [['--baseline', 'base.json']]])('is as its schema says: %j', async (words) => {
    const file = '../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    // Draft 04, of which the schema needs nothing that later drafts read otherwise.
    const {$schema: _, id: __, ...sarifSchema} = JSON.parse(text) as Record<string, object>;
    const formats = {
      uri: (uri: string) => URL.canParse(uri),
      'uri-reference': (uri: string) => /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\dA-F]{2})*$/i.test(uri),
      'date-time': (date: string) => !Number.isNaN(Date.parse(date)),
    };
    const isSarif = new Ajv({strict: false, unicodeRegExp: false, allErrors: true, formats}).compile(
      sarifSchema,
    );
    const log = JSON.parse(await print(place, 'sarif', ...words)) as {version: string};
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    expect(isSarif({...log, version: '2.0.0'})).toBe(false);
  });

  it('has a result for each finding, its text on one line and without links', async () => {
    const {results} = await sarif();
    const {controls} = await readReport(place);
    expect(results).toHaveLength(controls.reduce((sum, control) => sum + findingsOf(control), 0));
    for (const {message, locations} of results) {
      expect(message.text).not.toMatch(/[\n\r\t]|\]\(/);
      expect(message.text + JSON.stringify(locations)).not.toMatch(acting);
      expect(JSON.stringify(locations)).not.toContain(String.raw`\u00`);
    }
    expect(results.map(({locations}) => locations[0]?.logicalLocations[0]?.name)).toContain(shownId);
  });

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
    expect(uris.map((uri) => decodeURIComponent(uri ?? ''))).toContain(hostileFile);
    for (const uri of uris) expect(uri).not.toMatch(/[ "<>|`#]/);
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
    expect(suppressed[0]?.suppressions?.[0]?.justification).toContain(shownReason);
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

const columns = ['control', 'name', 'severity', 'status', 'object', 'source', 'path', 'message'];

describe('CSV', () => {
  it('has a row for each finding, and for each control without one', async () => {
    const text = await print(place, 'csv');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202e]/);
    const rows = parseCsv(text, {columns: true, record_delimiter: '\r\n'}) as Record<string, string>[];
    expect(Object.keys(rows[0] ?? {})).toEqual(columns);
    const {controls} = await readReport(place);
    for (const control of controls) {
      expect(rows.filter((row) => row.control === control.id)).toHaveLength(Math.max(1, findingsOf(control)));
    }
    const found = controls.flatMap(({objects, accepted}) => [...objects, ...accepted].map(({id}) => id));
    expect(new Set(rows.map(({object}) => object).filter((id) => id !== ''))).toEqual(
      new Set(found.map((id) => (id === rawId ? shownId : id))),
    );
  });

  it('tells the place of a finding, and why one is accepted', async () => {
    const rows = parseCsv(await print(place, 'csv'), {columns: true}) as Record<string, string>[];
    const of = (control: string) =>
      rows.find((row) => row.control === control && row.object === 'Deployment/shop/web');
    expect(of('C-0057')).toMatchObject({severity: 'high', status: 'failed', source: 'deploy/web.yaml:18:11'});
    expect(of('C-0038')).toMatchObject({status: 'accepted', message: expect.stringContaining(shownReason)});
  });

  it('has no cell that a spreadsheet runs as a formula', async () => {
    place.write('=1+1.yaml', web);
    const {stdout} = await place.run(['scan', '--manifests', '=1+1.yaml', '--format', 'csv']);
    const rows = parseCsv(stdout) as string[][];
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+@\t\r-]/);
    expect(rows.map(([, , , , , source]) => source)).toContain("'=1+1.yaml:18:11");
  });
});
