import {describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import type {Inventory} from '../../src/engine/inventory.ts';
import {type ControlResult, Scanner, type ScanResult} from '../../src/engine/scan.ts';
import {formatScore, shownScore} from '../../src/engine/score.ts';
import {changeOf, simulate, withChange} from '../../src/engine/simulate.ts';
import {homeInventory} from '../helpers/home.ts';

const row = ({entry, failed, excluded, all, compliance}: ControlResult): string =>
  `${entry.id} ${failed} | ${excluded} | ${all} | ${Math.floor(compliance)}%`;
const controlOf = (result: ScanResult, id: string): ControlResult =>
  result.controls.find(({entry}) => entry.id === id)!;

const start = (framework: keyof typeof frameworks) => {
  const inventory = homeInventory();
  const scanner = new Scanner(frameworks[framework], inventory);
  return {inventory, scanner, result: scanner.scan()};
};

/** The scan after every fix of one approach that has this kind. */
function after<T>(
  {inventory, scanner, result}: {inventory: Inventory; scanner: Scanner; result: ScanResult},
  id: string,
  approach: string,
  kind: string,
  inspect: (result: ScanResult) => T,
): T {
  const {entry, failures} = controlOf(result, id);
  const fixes = [...entry.control.fixes(failures, inventory)].filter(
    (fix) => fix.approach === approach && fix.kind === kind,
  );
  return withChange(inventory, scanner, simulate(inventory, changeOf(id, fixes)), inspect);
}

describe('the story of home, edition nsa-2021', () => {
  it('starts with these rows', () => {
    const {result} = start('nsa-2021');
    expect(result.controls.map(row)).toEqual([
      'C-0005 0 | 0 | 1 | 100%',
      'C-0038 1 | 0 | 35 | 97%',
      'C-0017 24 | 0 | 35 | 31%',
      'C-0013 25 | 0 | 35 | 28%',
      'C-0057 4 | 0 | 35 | 88%',
      'C-0006 7 | 0 | 35 | 80%',
      'C-0034 63 | 0 | 63 | 0%',
      'C-0041 9 | 0 | 35 | 74%',
      'C-0009 29 | 0 | 35 | 17%',
      'C-0047 0 | 0 | 22 | 100%',
      'C-0016 23 | 0 | 35 | 34%',
      'C-0012 5 | 0 | 67 | 92%',
      'C-0035 5 | 0 | 99 | 94%',
      'C-0002 7 | 0 | 99 | 92%',
      'C-0046 2 | 0 | 35 | 94%',
      'C-0055 20 | 0 | 35 | 42%',
      'C-0030 33 | 0 | 37 | 10%',
      'C-0044 5 | 0 | 35 | 85%',
      'C-0054 7 | 0 | 9 | 22%',
      'C-0058 0 | 0 | 35 | 100%',
      'C-0059 0 | 0 | 22 | 100%',
      'C-0067 1 | 0 | 1 | 0%',
      'C-0066 1 | 0 | 1 | 0%',
      'C-0068 1 | 0 | 1 | 0%',
      'C-0069 1 | 0 | 3 | 66%',
      'C-0070 0 | 0 | 3 | 100%',
    ]);
    expect(formatScore('sum', result.score)).toBe('67');
    expect(result.verdicts).toBe(848);
  });

  it('takes the token from exactly the twelve accounts that need none', () => {
    const home = start('nsa-2021');
    const {entry, failures} = controlOf(home.result, 'C-0034');
    const automatic = [...entry.control.fixes(failures, home.inventory)]
      .filter(({kind}) => kind === 'automatic')
      .map(({clears}) => clears[0]!.split(' ')[0]!.replace('ServiceAccount/', ''));
    expect(automatic.sort()).toEqual([
      'argo-events/default',
      'argo/default',
      'argocd/argocd-repo-server',
      'argocd/default',
      'default/default',
      'kube-node-lease/default',
      'kube-public/default',
      'network/default',
      'pantry/default',
      'pantry/pantry-api',
      'pantry/pantry-db',
      'pantry/pantry-web',
    ]);
    after(home, 'C-0034', 'at the ServiceAccount', 'automatic', (result) => {
      expect(row(controlOf(result, 'C-0034'))).toBe('C-0034 51 | 0 | 63 | 19%');
      expect(shownScore('sum', result.score!)).toBe(69);
    });
  });
});

it('clears 18 rows of Resource policies by limits for each namespace but kube-system', () => {
  const {inventory, scanner, result} = start('nsa-2021');
  const {entry, failures} = controlOf(result, 'C-0009');
  const fixes = [...entry.control.fixes(failures, inventory)].filter(
    ({approach}) => approach === 'limits for the namespace',
  );
  expect(fixes.map(({change}) => change.id)).toEqual([
    'C-0009 namespace argo',
    'C-0009 namespace argo-events',
    'C-0009 namespace argocd',
    'C-0009 namespace network',
  ]);
  const gentle = (id: string): string => (id.includes('CPU') ? '500m' : '768Mi');
  withChange(inventory, scanner, simulate(inventory, changeOf('C-0009', fixes), gentle), (then) => {
    expect(row(controlOf(then, 'C-0009'))).toBe('C-0009 11 | 0 | 35 | 68%');
    expect(formatScore('sum', then.score)).toBe('69');
  });
});

it('starts at 66.997 in the edition of today, with what belongs to the system excluded', () => {
  const {result} = start('nsa');
  expect(result.score).toBeCloseTo(66.997, 3);
  expect(result.evaluated).toBe(26);
  expect(controlOf(result, 'C-0054').exclusions.map(({resource}) => resource.id)).toEqual([
    'Namespace//default',
    'Namespace//kube-node-lease',
    'Namespace//kube-public',
    'Namespace//kube-system',
  ]);
  expect(controlOf(result, 'C-0044').exclusions.map(({resource}) => resource.name)).toEqual([
    'etcd-rpi-1',
    'kube-controller-manager-rpi-1',
    'kube-scheduler-rpi-1',
  ]);
  expect(controlOf(result, 'C-0035').exclusions.map(({resource}) => resource.id)).toEqual([
    'Group//system:masters + ClusterRole//cluster-admin + ClusterRoleBinding//cluster-admin',
  ]);
});

it.each(Object.keys(frameworks) as (keyof typeof frameworks)[])(
  'every fix of every control of %s clears what it says, on all of home',
  (framework) => {
    const {inventory, scanner, result} = start(framework);
    const ids = (scan: ScanResult, id: string) =>
      controlOf(scan, id).failures.flatMap(({resource, findings}) =>
        findings.map((one) => [resource.key, one.path]),
      );
    for (const {entry, failures} of result.controls) {
      // What is done by hand clears nothing by itself.
      const fixes = [...entry.control.fixes(failures, inventory)].filter(({kind}) => kind !== 'manual');
      for (const approach of new Set(fixes.map((fix) => fix.approach))) {
        const chosen = fixes.filter(
          (fix) => fix.approach === approach && fix.asks.every((one) => one.suggestion),
        );
        const cleared = new Set(chosen.flatMap(({clears}) => clears)).size;
        const change = simulate(inventory, changeOf(approach, chosen));
        withChange(inventory, scanner, change, (then) => {
          const [was, is] = [ids(result, entry.id).length, ids(then, entry.id).length];
          expect(was - is, `${entry.id} ${approach}`).toBe(cleared);
        });
      }
    }
  },
);
