import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {frameworks} from '../../controls/index.ts';
import {grantOf} from '../../src/engine/derive.ts';
import type {Inventory} from '../../src/engine/inventory.ts';
import {isObject} from '../../src/engine/json.ts';
import {hasShared} from '../helpers/shared.ts';
import {compareCase, comparePlace, type Difference} from './compare.ts';
import {readDivergences, unmatched} from './divergences.ts';
import {inventoryOfPlace, peerResults, places, ruleCases, scan} from './pack.ts';

const objectOf = (text: string) => {
  const value: unknown = parse(text);
  return isObject(value) ? value : {};
};

describe.skipIf(!hasShared)('held against the peer', () => {
  const rows = hasShared ? readDivergences() : [];

  it('agrees on every rule case, or says why not', () => {
    const cases = ruleCases();
    const results = cases.map((one) => compareCase(frameworks.nsa, one, objectOf));
    report('rule cases', results);
    check(
      rows.filter(({where}) => cases.some((one) => where === `${one.rule}/${one.case}`)),
      results.flat(),
    );
    expect(cases.length).toBe(89);
  });

  it.each(hasShared ? places() : [])('agrees on %s, control by control, or says why not', async (place) => {
    const peers = peerResults(place);
    const result = scan(frameworks.nsa, await inventoryOfPlace(place));
    const differences = comparePlace(place, result, peers);
    const both = peers.filter(({id, status}) =>
      result.controls.some(
        (one) => one.entry.id === id && one.status !== 'notEvaluated' && status !== 'skipped',
      ),
    );
    report(
      `controls of ${place}`,
      both.map(({id}) => differences.filter(({control}) => control === id)),
    );
    check(
      rows.filter(({where}) => where === place),
      differences,
    );
    expect(both.length).toBeGreaterThanOrEqual(19);
  });

  it.each(hasShared ? places() : [])(
    'explains the grants that the peer counts in %s: it joins by name',
    async (place) => {
      const inventory = await inventoryOfPlace(place);
      const peer = peerResults(place).find(({id}) => id === 'C-0002')!;
      expect(peer.passed + peer.failed).toBe(joinedByName(inventory));
    },
  );

  it.each(hasShared ? places() : [])(
    'has the mean of the peer in %s, but for the controls with a row',
    async (place) => {
      const peers = peerResults(place);
      const result = scan(frameworks.nsa, await inventoryOfPlace(place));
      const differing = new Set(comparePlace(place, result, peers).map(({control}) => control));
      for (const peer of peers) {
        const ours = result.controls.find(({entry}) => entry.id === peer.id);
        if (!ours || ours.status === 'notEvaluated' || peer.status === 'skipped' || differing.has(peer.id))
          continue;
        expect(ours.compliance, peer.id).toBeCloseTo(peer.compliance, 2);
      }
    },
  );
});

/** Number of grants as the peer joins them: a binding with every role of the name, in whatever namespace. */
const joinedByName = (inventory: Inventory): number =>
  inventory.list('Grant').reduce((sum, grant) => {
    const {role} = grantOf(grant);
    return sum + inventory.list(role.kind).filter(({name}) => name === role.name).length;
  }, 0);

function report(what: string, results: readonly (readonly Difference[])[]): void {
  const documented = results.filter((differences) => differences.length > 0).length;
  process.stdout.write(
    `conformance: ${what}: ${results.length}, equal ${results.length - documented}, documented ${documented}\n`,
  );
}

function check(rows: Parameters<typeof unmatched>[0], differences: readonly Difference[]): void {
  const {stale, missing} = unmatched(rows, differences);
  expect(missing, 'differences without a row in docs/divergences.md: correct them, or add the row').toEqual(
    [],
  );
  expect(stale, 'rows of docs/divergences.md that do not differ any more: take them out').toEqual([]);
}
