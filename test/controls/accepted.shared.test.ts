import {readFileSync, writeFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import type {Fix} from '../../src/engine/change.ts';
import type {Inventory} from '../../src/engine/inventory.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {resourceOf} from '../../src/engine/objects.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {changeOf, simulate} from '../../src/engine/simulate.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {homeInventory} from '../helpers/home.ts';
import {hasShared, shared} from '../helpers/shared.ts';
import {parseObjects} from '../helpers/test-control.ts';

/** `home` and the fixers' fixture in one inventory, without its cluster-admin role, which the server owns. */
function everything(): Inventory {
  const inventory = homeInventory();
  for (const object of parseObjects(readFileSync(shared('conformance/fix/app.yaml'), 'utf8'))) {
    if (object.kind !== 'ClusterRole') inventory.set(resourceOf(object));
  }
  inventory.set(
    resourceOf({apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'default', namespace: 'shop'}}),
  );
  return inventory;
}

const answer = (id: string): string | undefined =>
  /memory/i.test(id) ? '512Mi' : /cpu/i.test(id) ? '500m' : /user|group/.test(id) ? '1000' : undefined;
const isAnswered = ({asks}: Fix): boolean => asks.every(({id, suggestion}) => suggestion ?? answer(id));

/** JSON, because YAML of version 1.1 reads a plain `no` as false. */
const listOf = (resources: readonly Resource[]): string =>
  JSON.stringify({apiVersion: 'v1', kind: 'List', items: resources.map(({object}) => object)});
const errorsOf = ({stderr}: {stderr?: string}): readonly string[] =>
  (stderr ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('Warning:'));

describe.skipIf(!hasShared)('a real API server, strictly', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
    const inventory = everything();
    await plane.load(listOf([...inventory.list('Namespace'), ...inventory.list('ServiceAccount')]));
  }, 120_000);
  afterAll(() => plane?.stop());

  it('accepts what every fix of every control makes of home and of the fixture', async () => {
    const inventory = everything();
    const made = new Map<string, Resource>();
    for (const framework of Object.values(frameworks)) {
      for (const {entry, failures} of new Scanner(framework, inventory).scan().controls) {
        for (const fix of [...entry.control.fixes(failures, inventory)].filter(isAnswered)) {
          for (const resource of simulate(inventory, fix.change, answer).set) {
            // A file of a node, and what its kubelet makes of it, is nothing that this server is asked for.
            if (!resource.apiVersion.startsWith('kubekata/') && fix.kind !== 'manual')
              made.set(JSON.stringify(resource.object), resource);
          }
        }
      }
    }
    expect(made.size).toBeGreaterThan(200);
    const refused: string[] = [];
    // Versions of one object can't stand in one request: one round for each.
    const rounds = new Map<string, Resource[]>();
    for (const resource of made.values())
      rounds.set(resource.id, [...(rounds.get(resource.id) ?? []), resource]);
    const longest = Math.max(...[...rounds.values()].map(({length}) => length));
    for (let round = 0; round < longest; round += 1) {
      const batch = [...rounds.values()].flatMap((list) => list[round] ?? []);
      await dryRun(listOf(batch)).catch((error: {stderr?: string}) => refused.push(...errorsOf(error)));
    }
    expect(refused).toEqual([]);
  }, 120_000);

  it('accepts the first fix of every control together, edits grouped per object', async () => {
    const inventory = everything();
    const fixes = new Scanner(frameworks.nsa, inventory).scan().controls.flatMap(({entry, failures}) => {
      const all = [...entry.control.fixes(failures, inventory)].filter(({kind}) => kind !== 'manual');
      return all.filter((fix) => fix.approach === all[0]?.approach && isAnswered(fix));
    });
    const {set} = simulate(inventory, changeOf('all', fixes), answer);
    expect(set.map(({id}) => id)).toEqual(
      expect.arrayContaining(['Deployment/shop/web', 'CronJob/shop/cj', 'Pod/shop/p']),
    );
    const refused = await dryRun(listOf(set)).then(() => [], errorsOf);
    expect(refused).toEqual([]);
  }, 120_000);

  async function dryRun(text: string): Promise<void> {
    const file = `${plane.folder}/made.json`;
    writeFileSync(file, text);
    await plane.kubectl(
      'apply',
      '--server-side',
      '--force-conflicts',
      '--dry-run=server',
      '--validate=strict',
      '-f',
      file,
    );
  }
});
