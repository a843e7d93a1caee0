import {beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import type {Framework} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {type ControlResult, Scanner, type ScanResult, type Verdict} from '../../src/engine/scan.ts';
import {Mutator, realObjects} from './mutations.ts';

const texts = new WeakMap<Verdict, string>();

/** A verdict as text; most stay the same from one change to the next. */
function textOf(verdict: Verdict): string {
  const known = texts.get(verdict);
  if (known !== undefined) return known;
  const text = `${verdict.resource.key} ${verdict.reason ?? ''} ${JSON.stringify(verdict.findings)}`;
  texts.set(verdict, text);
  return text;
}

/** All of a result, verdicts in their order. */
const comparable = ({entry, failures, exclusions, ...rest}: ControlResult) => ({
  id: entry.id,
  ...rest,
  evidence: rest.evidence?.toSorted(),
  failures: failures.map(textOf).join('\n'),
  exclusions: exclusions.map(textOf).join('\n'),
});

const ofOne = (framework: Framework, index: number): Framework => ({
  ...framework,
  entries: framework.entries.slice(index, index + 1),
});

describe('a rescan after a change', () => {
  let resources: readonly Resource[] = [];

  beforeAll(async () => {
    resources = await realObjects(5000);
  });

  it('has 5,000 objects of many kinds, of which many fail', () => {
    const {controls} = new Scanner(frameworks.kubekata, new Inventory(resources)).scan();
    expect(resources).toHaveLength(5000);
    expect(new Set(resources.map(({kind}) => kind)).size).toBeGreaterThan(18);
    expect(controls.filter(({failed}) => failed > 0).length).toBeGreaterThan(25);
  });

  it.each([
    ['kubekata', 1],
    ['nsa-2021', 2],
  ] as const)(
    'equals a full scan, %s, after each of 1,000 changes',
    (id, seed) => {
      const framework = Object.values(frameworks).find((one) => one.id === id);
      if (framework === undefined) throw new Error(`There is no framework ${id}.`);
      const inventory = new Inventory(resources);
      const scanner = new Scanner(framework, inventory);
      const before = scanner.scan();
      const mutator = new Mutator(inventory, resources, seed);
      const differing = new Set<string>();
      const changes = 1000;
      let result: ScanResult = before;
      for (let change = 0; change < changes; change += 1) {
        const burst = Array.from({length: 1 + (change % 3)}, () => mutator.step()).flat();
        result = scanner.update(burst);
        // A control that this change altered, else the next one: all come round, and those of interest more often.
        const altered = result.controls.findIndex(
          (one, index) => one.failed !== before.controls[index]?.failed,
        );
        const index = change % 2 === 0 && altered >= 0 ? altered : change % framework.entries.length;
        const [whole] = new Scanner(ofOne(framework, index), inventory).scan().controls;
        expect(comparable(result.controls[index]!)).toEqual(comparable(whole!));
        for (const [at, one] of result.controls.entries()) {
          if (one.failed !== before.controls[at]?.failed) differing.add(one.entry.id);
        }
      }
      // From scratch: neither inventory nor scanner has a past.
      const kept = [...inventory.kinds()]
        .flatMap((kind) => inventory.list(kind))
        .filter(({kind}) => kind !== 'Grant' && kind !== 'Component');
      const fresh = new Scanner(framework, new Inventory(kept)).scan();
      expect(result.controls.map(comparable)).toEqual(fresh.controls.map(comparable));
      expect(result.score).toBe(fresh.score);
      expect(differing.size).toBeGreaterThan(framework.entries.length / 3);
    },
    120_000,
  );
});
