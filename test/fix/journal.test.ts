import {appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {Journal, JournalError} from '../../src/fix/journal.ts';
import type {PreviewItem} from '../../src/target/target.ts';

const ref = {apiVersion: 'v1', kind: 'Pod', namespace: 'home', name: 'a'};
const item: PreviewItem = {
  step: {do: 'edit', object: ref, edits: []},
  ref,
  before: {spec: {password: '*** (6 chars)', image: 'a:1'}},
  after: {},
  confirmedBy: 'server',
  warnings: [],
  expected: {
    uid: 'u',
    values: [
      {path: ['spec', 'password'], value: 'secret'},
      {path: ['spec', 'image'], value: 'a:1'},
    ],
  },
};

describe('the journal', () => {
  let folder: string;
  const files = (): readonly string[] =>
    readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.jsonl'));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubekata-journal-'));
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, {recursive: true});
  });

  it('numbers entries per target, newest first, and survives a new start', () => {
    const home = new Journal(folder, 'home');
    home.close(home.begin('one', [item]));
    home.begin('two', [item], 67);
    new Journal(folder, 'other').begin('elsewhere', [item]);
    const again = new Journal(folder, 'home').entries();
    expect(again.map(({number, title, state, scoreBefore}) => [number, title, state, scoreBefore])).toEqual([
      [2, 'two', 'unfinished', 67],
      [1, 'one', 'applied', undefined],
    ]);
  });

  it('never gives one number twice, also to two programs', () => {
    const one = new Journal(folder, 'home');
    const two = new Journal(folder, 'home');
    const numbers = [one, two, one, two].map((journal) => journal.begin('x', [item]).number);
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  it('keeps a credential as a keyed hash, which tells whether it changed', () => {
    const journal = new Journal(folder, 'home');
    const entry = journal.begin('x', [item]);
    const text = readFileSync(join(folder, files()[0]!), 'utf8');
    expect(text).not.toContain('"secret"');
    const [password, image] = entry.steps[0]!.item.expected.values;
    expect(image?.value).toBe('a:1');
    expect(journal.matches(password?.value, 'secret')).toBe(true);
    expect(journal.matches(password?.value, 'another')).toBe(false);
    expect(new Journal(folder, 'home').matches(password?.value, 'secret')).toBe(true);
  });

  it('takes a line that was cut off as not written', () => {
    const journal = new Journal(folder, 'home');
    const entry = journal.begin('x', [item, item]);
    journal.step(entry, 0, {state: 'written'});
    appendFileSync(join(folder, files()[0]!), '{"type":"step","index":1,"sta');
    expect(new Journal(folder, 'home').read(1)?.steps.map(({state}) => state)).toEqual([
      'written',
      'planned',
    ]);
  });

  it('knows undone, part undone and refused', () => {
    const journal = new Journal(folder, 'home');
    let entry = journal.begin('x', [item, item, {...item, rejection: 'no'}]);
    for (const index of [0, 1]) entry = journal.step(entry, index, {state: 'written'});
    entry = journal.close(entry);
    expect(entry.steps.map(({state}) => state)).toEqual(['done', 'done', 'refused']);
    entry = journal.step(entry, 0, {state: 'undone'});
    expect(entry.state).toBe('part undone');
    journal.step(entry, 1, {state: 'undone'});
    expect(journal.read(1)?.state).toBe('undone');
  });

  it('says why it can not be written', () => {
    const file = join(folder, 'file');
    appendFileSync(file, '');
    expect(() => new Journal(file, 'home')).toThrow(JournalError);
    expect(() => new Journal(file, 'home')).toThrow(/^Nothing was applied: the journal can't be written, /);
  });
});
