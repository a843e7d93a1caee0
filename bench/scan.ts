import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {frameworks} from '../controls/frameworks.ts';
import {Inventory} from '../src/engine/inventory.ts';
import {asArray, asObject, type JsonObject} from '../src/engine/json.ts';
import {type Resource, resourceOf} from '../src/engine/objects.ts';
import {Scanner} from '../src/engine/scan.ts';
import type {Row} from './measure.ts';

const dump = join(import.meta.dirname, '../../shared/conformance/clusters/argo-shop/objects.json');

const timed = (times: number, act: () => void): readonly number[] => {
  act();
  return Array.from({length: times}, () => {
    const started = performance.now();
    act();
    return performance.now() - started;
  });
};

/** Deployments with pods and ServiceAccounts, spread over namespaces; the same for the same count. */
export function synthetic(count: number): readonly Resource[] {
  const metadata = (kind: string, index: number): JsonObject => ({
    name: `${kind}-${index}`,
    namespace: `team-${index % 50}`,
    labels: {app: `app-${index}`},
  });
  const spec = (index: number): JsonObject => ({
    serviceAccountName: `account-${index}`,
    containers: [
      {
        name: 'main',
        image: `registry.example/app:${index}`,
        resources: index % 2 ? {} : {limits: {cpu: '1'}},
      },
    ],
  });
  return Array.from({length: count}, (_, index): readonly JsonObject[] => [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('app', index),
      spec: {template: {metadata: {labels: {app: `app-${index}`}}, spec: spec(index)}},
    },
    {apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('account', index)},
  ])
    .flat()
    .map((object) => resourceOf(object));
}

/** Scans in process: the dump of a real cluster, and one changed object among many. */
export function benchScan(times: number): readonly Row[] {
  const rows: Row[] = [];
  const framework = frameworks.nsa;
  if (existsSync(dump)) {
    const list = JSON.parse(readFileSync(dump, 'utf8')) as JsonObject;
    const resources = asArray(list.items).map((item) => resourceOf(asObject(item)));
    const samples = timed(times, () => void new Scanner(framework, new Inventory(resources)).scan());
    rows.push({what: 'scan of the argo-shop dump, in process', unit: 'ms', samples, budget: 50});
    rows.push(rescan('rescan after one change, argo-shop', resources, times, 50));
  }
  rows.push(rescan('one object changed at 50,000 objects to new score', synthetic(25_000), times, 100));
  return rows;
}

function rescan(what: string, resources: readonly Resource[], times: number, budget: number): Row {
  const inventory = new Inventory(resources);
  const scanner = new Scanner(frameworks.nsa, inventory);
  scanner.scan();
  const workloads = resources.filter(({kind}) => kind === 'Deployment');
  let next = 0;
  const samples = timed(times, () => {
    const resource = workloads[next % workloads.length];
    next += 1;
    if (resource === undefined) return;
    const {object} = inventory.byKey(resource.key) ?? resource;
    const spec = {...asObject(object.spec), paused: next % 2 === 0};
    scanner.update(inventory.set({...resource, object: {...object, spec}}));
  });
  return {what, unit: 'ms', samples, budget};
}
