import {HtmlValidate, Parser, StaticConfigLoader} from 'html-validate';
import {parse as parseJunit, type TestCase, type TestSuite, type TestSuites} from 'junit2json';
import {marked, type Token, type Tokens} from 'marked';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {
  acting,
  decode,
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
let report: ScanReport;
beforeAll(async () => {
  place = await makeHostilePlace();
  report = await readReport(place, '--baseline', 'base.json');
});
afterAll(() => place.remove());

const shown = (id: string): string => (id === rawId ? shownId : id);
const sum = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce<number>((total, one) => total + (one ?? Number.NaN), 0);

describe('JUnit', () => {
  const read = async (): Promise<{root: TestSuites; suites: TestSuite[]; cases: TestCase[]}> => {
    const text = await print(place, 'junit');
    expect(text).not.toMatch(acting);
    const root = (await parseJunit(text)) as TestSuites;
    const suites = root.testsuite ?? [];
    return {root, suites, cases: suites.flatMap(({testcase}) => testcase ?? [])};
  };
  const having = (cases: readonly TestCase[], what: 'failure' | 'error' | 'skipped') =>
    cases.filter((one) => one[what] !== undefined).length;

  it('has sums that are those of its cases', async () => {
    const {root, suites, cases} = await read();
    expect(root.tests).toBe(cases.length);
    expect(root.failures).toBe(having(cases, 'failure'));
    expect(root.errors).toBe(having(cases, 'error'));
    for (const {name, testcase = [], ...suite} of suites) {
      expect(suite.tests, name).toBe(testcase.length);
      expect(suite.failures, name).toBe(having(testcase, 'failure'));
      expect(suite.errors, name).toBe(having(testcase, 'error'));
      expect(suite.skipped ?? 0, name).toBe(having(testcase, 'skipped'));
    }
    expect(root.tests).toBe(sum(suites.map(({tests}) => tests)));
  });

  it('has a case for each failing object, a skipped one for what is not evaluated, an error for what is not read', async () => {
    const {suites, cases} = await read();
    for (const {id, name, status, objects} of report.controls) {
      const suite = suites.find((one) => one.name === `${id} ${name}`);
      const names = suite?.testcase?.map((one) => one.name);
      if (status === 'failed') expect(names).toEqual(objects.map((object) => shown(object.id)));
      else expect(having(suite?.testcase ?? [], 'skipped'), id).toBe(status === 'notEvaluated' ? 1 : 0);
    }
    expect(having(cases, 'error')).toBe(report.incomplete.length);
  });

  it('names the place of each finding', async () => {
    const {cases} = await read();
    const text = (name: string): string =>
      cases.find((one) => one.classname === 'C-0057' && one.name === name)?.failure?.[0]?.inner ?? '';
    expect(text('Deployment/shop/web')).toMatch(/^deploy\/web\.yaml:18:11 spec\.template\S*\.privileged: /);
    expect(text(shownId).startsWith(`${hostileFile}:`)).toBe(true);
  });
});

describe('Markdown', () => {
  /** Only text: no markup of a manifest came through. */
  const plain = (tokens: readonly Token[]): string =>
    tokens
      .map((token) => {
        expect(['text', 'escape'], token.raw).toContain(token.type);
        return decode('text' in token ? String(token.text) : '');
      })
      .join('');
  const read = async () => {
    const text = await print(place, 'markdown', '--baseline', 'base.json');
    expect(text).not.toMatch(acting);
    const tokens = marked.lexer(text, {gfm: true});
    const tables = tokens.filter((token): token is Tokens.Table => token.type === 'table');
    const rows = (table: Tokens.Table | undefined) =>
      (table?.rows ?? []).map((row) => row.map((cell) => plain(cell.tokens)));
    return {tokens, tables, rows};
  };

  it('has its own HTML only, and nobody is mentioned', async () => {
    const {tokens} = await read();
    const html = tokens.filter(({type}) => type === 'html').map(({raw}) => raw.trim());
    for (const one of html) {
      expect(one).toMatch(/^(?:<details><summary>C-\d{4} [^<>]+: \d+ failing<\/summary>|<\/details>)$/);
    }
    expect(html.filter((one) => one === '</details>')).toHaveLength(html.length / 2);
    expect(tokens.map(({raw}) => raw).join('')).not.toContain('@');
  });

  it('tells the score, and each control in a table', async () => {
    const {tokens, tables, rows} = await read();
    expect(tokens[0]).toMatchObject({type: 'heading', text: `kubekata: ${report.score} of 100`});
    const table = tables.find(({header}) => header[0]?.text === 'Control');
    const evaluated = report.controls.filter(({status}) => status !== 'notEvaluated');
    expect(new Set(rows(table).map(([control]) => control))).toEqual(
      new Set(evaluated.map(({id, name}) => `${id} ${name}`)),
    );
  });

  it('has a row for each finding, its cells as they were meant', async () => {
    const {tokens, rows} = await read();
    for (const {id, status, objects} of report.controls) {
      if (status !== 'failed') continue;
      const start = tokens.findIndex(({type, raw}) => type === 'html' && raw.includes(`<summary>${id} `));
      const table = tokens.slice(start).find((token): token is Tokens.Table => token.type === 'table');
      expect(rows(table).map(([object]) => object)).toEqual(
        objects.flatMap((object) => object.findings.map(() => shown(object.id))),
      );
      for (const [object, where] of rows(table)) {
        if (object === shownId) expect(where?.startsWith(`${hostileFile}:`)).toBe(true);
      }
    }
  });

  it('shows what is new', async () => {
    const {tables, rows} = await read();
    const table = tables.find(({header}) => header[0]?.text === 'New');
    expect(rows(table)).toHaveLength(report.baseline?.new ?? 0);
    expect(new Set(rows(table).map(([, object]) => object))).toContain(shownId);
  });
});

describe('HTML', () => {
  const loader = new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
  });
  const page = async (text: string) => new Parser(await loader.getConfigFor('page.html')).parseHtml(text);
  const texts = async (text: string, selector: string): Promise<readonly string[]> =>
    (await page(text)).querySelectorAll(selector).map((element) => decode(element.textContent));

  it.each([[[]], [['--baseline', 'base.json']]])('is valid and accessible: %j', async (words) => {
    const {results} = await new HtmlValidate(loader).validateString(await print(place, 'html', ...words));
    expect(results.flatMap(({messages}) => messages)).toEqual([]);
  });

  it('is valid for a cluster, where the field stands for the place', async () => {
    const {stdout} = await place.run(['scan', '--practice', '--format', 'html']);
    const {results} = await new HtmlValidate(loader).validateString(stdout);
    expect(results.flatMap(({messages}) => messages)).toEqual([]);
    expect(await texts(stdout, 'td code')).toContain('automountServiceAccountToken');
  });

  it('loads nothing and runs nothing', async () => {
    const text = await print(place, 'html');
    expect(text).not.toMatch(acting);
    const elements = (await page(text)).querySelectorAll('*');
    const names = new Set(elements.map(({tagName}) => tagName));
    for (const name of ['script', 'link', 'iframe', 'object', 'embed', 'img', 'base', 'form', 'a', 'svg']) {
      expect(names, name).not.toContain(name);
    }
    const attributes = new Set(elements.flatMap((element) => element.attributes.map(({key}) => key)));
    for (const key of attributes) expect(key).not.toMatch(/^(?:on|src|href|style$|action|data)/);
    expect(text).not.toMatch(/https?:|\burl\(|@import/);
    expect(text).toContain('color-scheme: light dark');
  });

  it('shows text of manifests as text, and why a finding is accepted', async () => {
    const text = await print(place, 'html');
    expect(await texts(text, 'td code')).toContain(shownId);
    expect((await texts(text, 'td')).some((cell) => cell.startsWith(shownReason))).toBe(true);
  });

  it('has a section for each control, a row for each finding, with the place', async () => {
    const text = await print(place, 'html');
    const sections = (await page(text)).querySelectorAll('details');
    expect(sections).toHaveLength(report.controls.length);
    for (const {id, objects, accepted} of report.controls) {
      const section = sections.find((one) => one.querySelector('span')?.textContent === id);
      const count = sum(objects.map(({findings}) => findings.length)) + accepted.length;
      expect(section?.querySelectorAll('tbody > tr'), id).toHaveLength(count);
    }
    expect(await texts(text, 'code')).toContain('deploy/web.yaml:18:11');
  });
});
