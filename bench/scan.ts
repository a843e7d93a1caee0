import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {frameworks} from '../controls/frameworks.ts';
import {Inventory} from '../src/engine/inventory.ts';
import {asArray, asObject, type JsonObject} from '../src/engine/json.ts';
import {type Resource, resourceOf} from '../src/engine/objects.ts';
import {Scanner} from '../src/engine/scan.ts';
import {pairs} from './inputs.ts';
import {exponent, median, type Row} from './measure.ts';

const dump = join(import.meta.dirname, '../../shared/conformance/clusters/argo-shop/objects.json');

const timed = (times: number, act: () => void): readonly number[] => {
  act();
  return Array.from({length: times}, () => {
    const started = performance.now();
    act();
    return performance.now() - started;
  });
};

/** Deployments and ServiceAccounts, the same for the same count. */
const synthetic = (count: number): readonly Resource[] => pairs(count).map((object) => resourceOf(object));

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
  const points = [6250, 12_500, 25_000].map((count) => {
    const resources = synthetic(count);
    const whole = timed(5, () => void new Scanner(framework, new Inventory(resources)).scan());
    return [count, median(whole)] as const;
  });
  rows.push({
    what: 'growth of a scan in process, 12,500 to 50,000 objects',
    unit: 'exponent',
    samples: [exponent(points)],
    budget: 1.25,
  });
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
