import {existsSync, globSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {controls, frameworks} from '../controls/index.ts';
import type {Fix} from '../src/engine/change.ts';
import type {AnyControl, Framework} from '../src/engine/control.ts';
import type {Inventory} from '../src/engine/inventory.ts';
import {Scanner} from '../src/engine/scan.ts';
import {homeInventory} from './helpers/home.ts';
import {brokenInventories, lessonFiles, lessonOf} from './helpers/lessons.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const parts = ['index', 'frameworks', 'built-in-exceptions'];
const files = globSync('controls/*.ts', {cwd: root})
  .map((path) => basename(path, '.ts'))
  .filter((name) => !parts.includes(name));
const home = homeInventory();
const ids = [...new Set(controls.map(({meta}) => meta.id))].sort();

const fixesOver = (control: AnyControl, inventory: Inventory): readonly Fix[] => {
  const {id, title, baseScore} = control.meta;
  const framework: Framework = {
    id: 'one',
    title,
    scoring: 'mean',
    excuses: () => undefined,
    entries: [{id, title, baseScore, control}],
  };
  return [...control.fixes(new Scanner(framework, inventory).scan().controls[0]?.failures ?? [], inventory)];
};

describe('the catalogue', () => {
  it('has every file of controls/ in an edition: add it to controls/frameworks.ts', () => {
    const text = read('controls/frameworks.ts');
    expect(files.filter((file) => !text.includes(`'./${file}.ts'`))).toEqual([]);
  });

  it('has one file for each control, named for its id', () => {
    expect(ids.filter((id) => !files.includes(id.toLowerCase()))).toEqual([]);
  });

  it('has literal cases for each file: add test/controls/<file>.test.ts', () => {
    const without = files.filter(
      (file) =>
        !existsSync(join(root, `test/controls/${file}.test.ts`)) ||
        !read(`test/controls/${file}.test.ts`).includes('testControl('),
    );
    expect(without).toEqual([]);
  });

  it('has a lesson for the practice of each control, which names it', () => {
    const practices = new Set(lessonFiles.map(({id}) => id));
    for (const {meta} of controls) {
      expect(practices, `lessons/${meta.practice}.md, for ${meta.id}`).toContain(meta.practice);
      expect(lessonOf(meta.practice).controls, `controls of lessons/${meta.practice}.md`).toContain(meta.id);
    }
  });

  it('has a control for each that a lesson names', () => {
    expect(lessonFiles.flatMap(({id}) => lessonOf(id).controls).filter((id) => !ids.includes(id))).toEqual(
      [],
    );
  });

  it('has each control in docs/controls.md: run npx node scripts/docs.ts', () => {
    const page = read('docs/controls.md');
    expect(ids.filter((id) => !page.includes(`\n### ${id}: `))).toEqual([]);
  });

  it('has all of nsa in the edition kubekata, and our own behind it', () => {
    const {nsa, kubekata} = frameworks;
    expect(kubekata.entries.slice(0, nsa.entries.length)).toEqual(nsa.entries);
    for (const {id} of kubekata.entries.slice(nsa.entries.length)) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });

  it('has a control in the edition kubekata for each practice', () => {
    const practices = new Set(frameworks.kubekata.entries.map(({control}) => control.meta.practice));
    expect(lessonFiles.map(({id}) => id).filter((id) => !practices.has(id))).toEqual([]);
  });

  it.each(Object.values(frameworks))('has each control of edition $id once', ({id: edition, entries}) => {
    if (edition !== 'kubekata') expect(entries.length).toBe(26);
    expect(new Set(entries.map(({id}) => id)).size).toBe(entries.length);
    for (const {id, control} of entries) expect(control.meta.id).toBe(id);
  });
});

describe.each(controls.map((control) => ({id: control.meta.id, control})))('$id', ({control}) => {
  const {meta} = control;

  it('says what it finds in full sentences, with references', () => {
    for (const message of Object.values(meta.messages)) expect(message).toMatch(/^[A-Z{].*\.$/s);
    expect(meta.references.length).toBeGreaterThan(0);
    expect(meta.needs.length).toBeGreaterThan(0);
  });

  it('has a fix for the example of its lesson, and tells what each means', () => {
    const lesson = lessonOf(meta.practice);
    const {before} = lesson;
    const fixes = brokenInventories(lesson, meta.id).flatMap((one) => fixesOver(control, one));
    const isShown = lesson.examples.some((one) => one.control === meta.id && meta.id !== 'node-versions');
    if (isShown || before.controls.includes(meta.id) || meta.id.startsWith('C-'))
      expect(fixes.length).toBeGreaterThan(0);
    for (const fix of [...fixes, ...fixesOver(control, home)]) checkFix(fix);
  });
});

function checkFix({approach, kind, change, clears, consequence, steps}: Fix): void {
  if (kind === 'manual') {
    // What would be written to a file of a node that nobody here can reach is told as steps.
    const others = change.steps.filter((step) => step.do !== 'file');
    expect(others, `${approach} is done by hand`).toEqual([]);
    expect(clears, `${approach} is done by hand`).toEqual([]);
    expect(steps?.at(-1), `${approach} ends with how to verify`).toMatch(/Verify/);
  } else {
    expect(change.steps.length, `${approach} changes something`).toBeGreaterThan(0);
    expect(clears.length, `${approach} clears something`).toBeGreaterThan(0);
    if (kind !== 'automatic') expect(consequence, `${approach} tells its consequence`).toMatch(/\.$/);
  }
}
