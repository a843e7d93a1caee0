import {beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {InventoryAfter} from '../../src/engine/after.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {Scanner, type ScanResult} from '../../src/engine/scan.ts';
import {changeOf, type Simulated, simulate, withChange} from '../../src/engine/simulate.ts';
import {complete} from '../../src/engine/slices.ts';
import {Mutator, realObjects} from '../performance/mutations.ts';

const numbers = ({score, controls}: ScanResult) => ({
  score,
  tallies: controls.map(({all, failed, excluded, status}) => ({
    all,
    failed,
    excluded,
    evaluated: status !== 'notEvaluated',
  })),
});

describe.each(Object.values(frameworks))('what is foreseen of a change, $id', (framework) => {
  let resources: readonly Resource[] = [];
  let inventory: Inventory;
  let scanner: Scanner;
  let now: ScanResult;

  beforeAll(async () => {
    resources = await realObjects(600);
    inventory = new Inventory(resources);
    scanner = new Scanner(framework, inventory);
    now = scanner.scan();
  });

  const foresee = (simulated: Simulated) =>
    complete(scanner.foresee(complete(InventoryAfter.of(inventory, simulated))));

  it('is what a rescan finds after each fix that a control offers', () => {
    let changed = 0;
    for (const {entry, failures} of now.controls) {
      const approaches = Map.groupBy(entry.control.fixes(failures, inventory), ({approach}) => approach);
      for (const [name, fixes] of approaches) {
        const simulated = simulate(inventory, changeOf(name, fixes), () => '1');
        const foreseen = foresee(simulated);
        expect(foreseen, `${entry.id} ${name}`).toEqual(withChange(inventory, scanner, simulated, numbers));
        if (foreseen.score !== now.score) changed += 1;
      }
    }
    expect(changed).toBeGreaterThan(5);
  });

  it('is what a rescan finds when objects of every kind change, come and go', () => {
    const other = new Inventory(resources);
    const mutator = new Mutator(other, resources, 5);
    for (let round = 0; round < 40; round += 1) {
      const keys = new Set(
        Array.from({length: 12}, () => mutator.step())
          .flat()
          .map(({key}) => key),
      );
      const derived = ({kind}: Resource) => kind === 'Grant' || kind === 'Component';
      const is = [...keys].map((key) => other.byKey(key));
      const simulated = {
        set: is.filter((one) => one !== undefined).filter((one) => !derived(one)),
        removed: [...keys].filter(
          (key) =>
            other.byKey(key) === undefined &&
            inventory.withDerived(key).length > 0 &&
            !derived(inventory.byKey(key)!),
        ),
      };
      expect(foresee(simulated)).toEqual(withChange(inventory, scanner, simulated, numbers));
    }
  });

  it('changes nothing, also when it is dropped half way', () => {
    const mutator = new Mutator(new Inventory(resources), resources, 9);
    const set = Array.from({length: 30}, () => mutator.step()).flat();
    const work = scanner.foresee(complete(InventoryAfter.of(inventory, {set, removed: []})));
    for (let step = 0; step < 40; step += 1) work.next();
    expect(numbers(scanner.result())).toEqual(numbers(now));
    expect(numbers(new Scanner(framework, inventory).scan())).toEqual(numbers(now));
  });
});
