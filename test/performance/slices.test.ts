import {beforeAll, describe, expect, it} from 'vitest';
import {pairs} from '../../bench/inputs.ts';
import {frameworks} from '../../controls/frameworks.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {resourceOf} from '../../src/engine/objects.ts';
import {Scanner, type ScanResult} from '../../src/engine/scan.ts';
import {mergingFixes} from '../../src/engine/simulate.ts';
import type {Work} from '../../src/engine/slices.ts';
import {detailOf, forecastOf, safeFixes} from '../../src/tui/outlook.ts';
import {Session} from '../../src/tui/session.ts';
import type {Detail} from '../../src/tui/state.ts';
import {memoryTarget} from '../helpers/memory-target.ts';

/** Does work to its end. Returns what it gives, and the most that `measure` grew between two places to pause. */
function largestStep<T>(
  work: Work<T>,
  measure: () => number,
): {readonly value: T; readonly most: number; readonly pauses: number} {
  let most = 0;
  for (let pauses = 0; ; pauses += 1) {
    const before = measure();
    const step = work.next();
    most = Math.max(most, measure() - before);
    if (step.done) return {value: step.value, most, pauses};
  }
}

describe('2,000 failing objects', () => {
  let resources: readonly Resource[] = [];
  let inventory: Inventory;
  let scanner: Scanner;
  let scan: ScanResult;
  const resultOf = (id: string) => scan.controls.find(({entry}) => entry.id === id)!;

  beforeAll(() => {
    resources = pairs(2000).map((object) => resourceOf(object));
    inventory = new Inventory(resources);
    scanner = new Scanner(frameworks.nsa, inventory);
    scan = scanner.scan();
  });

  it.each(['C-0013', 'C-0016', 'C-0017', 'C-0030', 'C-0034', 'C-0055', 'C-0270'])(
    'become rows and fixes of %s with a place to pause at each one',
    (id) => {
      const result = resultOf(id);
      const {value, pauses} = largestStep(detailOf(result, inventory), () => 0);
      expect(value.rows).toHaveLength(result.failed);
      const fixes = value.approaches.reduce((sum, one) => sum + one.fixes.length, 0);
      expect(pauses).toBeGreaterThanOrEqual(2 * result.failed + fixes);
    },
  );

  it('are forecast in steps of at most 8 checks, with each object checked by its controls once', () => {
    const safe = safeFixes(largestStep(detailOf(resultOf('C-0016'), inventory), () => 0).value.approaches);
    expect(safe.length).toBeGreaterThan(900);
    const {value: change} = largestStep(mergingFixes('all', safe), () => 0);
    const before = scanner.checks;
    const work = forecastOf({inventory, scanner, scan}, 'C-0016', change);
    const {value, most} = largestStep(work, () => scanner.checks);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(8);
    const controls = frameworks.nsa.entries.filter(({control}) => control.kinds.includes('Deployment'));
    expect(scanner.checks - before).toBe(safe.length * controls.length);
    expect(value).toMatchObject({failedBefore: resultOf('C-0016').failed, failedAfter: 0});
  });

  it('are told as rows first, and the forecast of all of them when it is there', async () => {
    const session = new Session(memoryTarget(resources.map(({object}) => object)), frameworks.nsa, () => {});
    for (const resource of resources) session.inventory.set(resource);
    session.rescan();
    const told: Detail[] = [];
    await session.detail('C-0016', (detail) => told.push(detail));
    expect(told.map(({forecast}) => forecast?.failedAfter)).toEqual([undefined, 0]);
    expect(told[1]?.approaches).toBe(told[0]?.approaches);
    const left: Detail[] = [];
    const abort = new AbortController();
    const leave = (detail: Detail) => {
      left.push(detail);
      abort.abort();
    };
    await expect(session.detail('C-0016', leave, abort.signal)).rejects.toThrow();
    expect(left).toHaveLength(1);
    await session.close();
  });
});
