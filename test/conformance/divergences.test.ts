import {describe, expect, it} from 'vitest';
import {faultsOf, readDivergences, unmatched} from './divergences.ts';

const line = (what: string, test: string) =>
  `| C-0002 | files/x | ${what} | fails | passes | a fact about Kubernetes, told | ${test} |`;
const known = 'conformance/divergences.test.ts: finds no fault with a row that names its test';

describe('docs/divergences.md', () => {
  it('names objects, reasons and tests that are there', () => {
    expect(readDivergences().length).toBeGreaterThan(0);
    expect(faultsOf(readDivergences())).toEqual([]);
  });

  it('has no row twice', () => {
    const keys = readDivergences().map(({control, where, what}) => `${control} ${where} ${what}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});

describe('the check of a row', () => {
  it('finds no fault with a row that names its test', () => {
    expect(faultsOf(readDivergences(line('Pod//a', known)))).toEqual([]);
  });

  it('refuses a wildcard, and a test that is not there', () => {
    expect(faultsOf(readDivergences(line('Pod/*/a', known)))[0]).toContain('a pattern');
    expect(
      faultsOf(readDivergences(line('Pod//a', 'conformance/divergences.test.ts: dreams of it')))[0],
    ).toContain('does not have');
    expect(faultsOf(readDivergences(line('Pod//a', '')))[0]).toContain('no file');
  });

  it('tells a stale row from a difference without one', () => {
    const rows = readDivergences(line('Pod//a', known));
    const difference = {control: 'C-0002', where: 'files/x', what: 'Pod//b', peer: 'fails', ours: 'passes'};
    expect(unmatched(rows, [difference])).toEqual({
      stale: ['C-0002 | files/x | Pod//a | fails | passes'],
      missing: ['C-0002 | files/x | Pod//b | fails | passes'],
    });
  });
});
