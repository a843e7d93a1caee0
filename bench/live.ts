import {readFileSync} from 'node:fs';
import {asArray, asObject, asString, type JsonObject} from '../src/engine/json.ts';
import {accessOf, loadKubeconfig} from '../src/target/kubeconfig.ts';
import {inParallel} from '../src/target/live/batch.ts';
import {KubeClient} from '../src/target/live/client.ts';
import {type ControlPlane, startControlPlane} from '../test/helpers/control-plane.ts';
import {hasShared, shared} from '../test/helpers/shared.ts';
import {pairs} from './inputs.ts';
import {attempt, type Outcome} from './measure.ts';
import {memoryRow, runs, timeRow} from './program.ts';
import {Screen} from './pty.ts';

/** Scans of the practice cluster, and of real control planes where ../shared has one. */
export async function benchLive(times: number, home: string, isQuick: boolean): Promise<readonly Outcome[]> {
  const rows: Outcome[] = [
    ...(await attempt('scan live: practice', 60, async () => [
      timeRow('scan live: practice', await runs(times, ['scan', '--practice'], {KUBEKATA_HOME: home})),
    ])),
  ];
  const shop = 'scan live: argo-shop';
  const large = 'scan live: 1,000 Deployments, 2,000 Pods, 1,000 accounts';
  if (!hasShared || isQuick) {
    const why = isQuick ? 'left out by --quick.' : '../shared is not there.';
    return [...rows, {what: shop, why}, {what: large, why}];
  }
  const plane = await startControlPlane();
  try {
    rows.push(
      ...(await attempt(shop, 120, async () => {
        const list = JSON.parse(
          readFileSync(shared('conformance/clusters/argo-shop/objects.json'), 'utf8'),
        ) as JsonObject;
        await create(plane, asArray(list.items).map(asObject).flatMap(creatable));
        return [timeRow(shop, await scan(times, plane), 600)];
      })),
      ...(await attempt(large, 480, async () => {
        const objects = pairs(1000);
        const namespaces = new Set(objects.map(({metadata}) => asString(asObject(metadata).namespace)));
        const spaces = [...namespaces].map(
          (name): JsonObject => ({apiVersion: 'v1', kind: 'Namespace', metadata: {name}}),
        );
        await create(plane, [...spaces, ...objects]);
        await podsExist(plane, 2000);
        const usages = await scan(Math.min(times, 5), plane);
        return [
          timeRow(large, usages, 2500),
          memoryRow(`memory of ${large}`, usages),
          await firstRows(plane),
        ];
      })),
    );
  } finally {
    await plane.stop();
  }
  return rows;
}

const scan = (times: number, {kubeconfig}: ControlPlane) => runs(times, ['scan', '--kubeconfig', kubeconfig]);

/** How soon something of a large cluster is on the screen. */
async function firstRows({kubeconfig, folder}: ControlPlane): Promise<Outcome> {
  const samples: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const started = performance.now();
    const screen = new Screen(['--kubeconfig', kubeconfig], {KUBEKATA_HOME: folder, HOME: folder});
    try {
      await screen.see(/C-00\d\d .*\d+%/, 30);
      samples.push(performance.now() - started);
    } finally {
      await screen.quit();
    }
  }
  return {what: 'first scores on screen of that cluster', unit: 'ms', samples, budget: 2500};
}

/** What a dump holds, as it was before a server completed it; pods and ReplicaSets come from their owners. */
function creatable(object: JsonObject): readonly JsonObject[] {
  const {status: _, metadata, ...rest} = object;
  const {uid: _uid, resourceVersion: _version, ownerReferences, ...own} = asObject(metadata);
  if (ownerReferences !== undefined || object.kind === 'Node') return [];
  const spec = asObject(rest.spec);
  const {clusterIP: _ip, clusterIPs: _ips, ...service} = spec;
  return [{...rest, metadata: own, ...(rest.kind === 'Service' ? {spec: service} : {})}];
}

/** Posts objects, namespaces first; those that are there already stay. */
async function create({kubeconfig}: ControlPlane, objects: readonly JsonObject[]): Promise<void> {
  const client = new KubeClient('bench', accessOf(loadKubeconfig(kubeconfig)));
  const isSpace = ({kind}: JsonObject): boolean => kind === 'Namespace';
  try {
    for (const some of [objects.filter(isSpace), objects.filter((object) => !isSpace(object))]) {
      await inParallel(some, 8, async (object) => {
        const {status, body} = await client.send({method: 'POST', path: pathOf(object), body: object});
        if (status >= 400 && status !== 409) {
          throw new Error(`${asString(object.kind)}: ${asString(asObject(body).message)}`);
        }
      });
    }
  } finally {
    await client.close();
  }
}

function pathOf(object: JsonObject): string {
  const version = asString(object.apiVersion);
  const {namespace} = asObject(object.metadata);
  const plural = asString(object.kind).toLowerCase().replace(/y$/, 'ie').concat('s');
  const prefix = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  return `${prefix}${namespace === undefined ? '' : `/namespaces/${asString(namespace)}`}/${plural}`;
}

/** Waits until the controllers made the pods. Three small nodes have no room for so many: most stay pending. */
async function podsExist(plane: ControlPlane, count: number): Promise<void> {
  for (;;) {
    const names = await plane.kubectl('get', 'pods', '-A', '-o=name');
    if (names.split('\n').length > count) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
