import {beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {asObject} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {realObjects} from './mutations.ts';

describe('checks run after a change at 5,000 objects', () => {
  const framework = frameworks.nsa;
  let inventory: Inventory;
  let scanner: Scanner;

  beforeAll(async () => {
    inventory = new Inventory(await realObjects(5000));
    scanner = new Scanner(framework, inventory);
    scanner.scan();
  });

  const of = (kind: string, namespace: string): Resource => {
    const found = inventory.list(kind, namespace)[0];
    if (found === undefined) throw new Error(`There is no ${kind} in ${namespace}.`);
    return found;
  };
  const checksAfter = (resource: Resource): number => {
    const before = scanner.checks;
    const object = {...resource.object, spec: {...asObject(resource.object.spec), changed: true}};
    scanner.update(inventory.set({...resource, object}));
    return scanner.checks - before;
  };
  const controlsOf = (kind: string): number =>
    framework.entries.filter(({control}) => control.kinds.includes(kind)).length;

  it('are those of the object alone for a Deployment', () => {
    expect(checksAfter(of('Deployment', 'argocd'))).toBe(controlsOf('Deployment'));
  });

  it('are the object and what runs as it for a ServiceAccount', () => {
    const account = of('ServiceAccount', 'argocd');
    const {length} = [...inventory.kinds()].flatMap((kind) => inventory.list(kind, 'argocd'));
    const checks = checksAfter(account);
    expect(checks).toBeGreaterThanOrEqual(controlsOf('ServiceAccount'));
    expect(checks).toBeLessThan(length);
  });

  it('are those of its namespace for a NetworkPolicy', () => {
    const workloads = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Job', 'CronJob', 'ReplicaSet'];
    const inside = workloads.reduce((sum, kind) => sum + inventory.list(kind, 'pantry-1').length, 0);
    const [policy] = inventory.list('NetworkPolicy');
    if (policy === undefined) throw new Error('There is no NetworkPolicy.');
    const checks = checksAfter({
      ...policy,
      namespace: 'pantry-1',
      id: 'NetworkPolicy/pantry-1/new',
      key: 'NetworkPolicy/pantry-1/new',
    });
    expect(checks).toBeGreaterThan(inside / 2);
    expect(checks).toBeLessThanOrEqual(2 * (inside + 2));
  });

  it('are none for an object that nobody reads', () => {
    expect(checksAfter(of('Service', 'argocd'))).toBe(0);
  });
});
