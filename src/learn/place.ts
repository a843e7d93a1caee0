import {existsSync} from 'node:fs';
import {cp, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {asArray, asObject, asString, type JsonObject} from '../engine/json.ts';
import {describe} from '../engine/objects.ts';
import {ApiProblem, type ObjectRef, type Objects} from './api.ts';
import {type Drill, outsideOf} from './drill.ts';
import {mirrorFiles} from './mirror-files.ts';
import {selfSigned} from './self-signed.ts';

/** Where drills are done: a cluster, a folder for their files, and the files of the cluster's nodes if it shows any. */
export type Place = {
  readonly objects: Objects;
  /** Holds one work folder per drill. */
  readonly work: string;
  readonly nodes: string | undefined;
  /** Node files as they are at first. */
  readonly pristineNodes: string | undefined;
};

/** A drill can't be set up: told in one sentence. */
export class DrillError extends Error {
  override readonly name = 'DrillError';
}

const label = 'kubekata/drill';
const waitTime = 50;
const patience = 60_000;
const startPatience = 15_000;

export const workFolder = ({work}: Pick<Place, 'work'>, {id}: Pick<Drill, 'id'>): string => join(work, id);
const markOf = ({work}: Place, {id}: Drill): string => join(work, `.${id}.json`);

/** What a started drill leaves behind for its end: objects outside its namespaces that were there before. */
type Mark = {readonly before: readonly string[]; readonly onNodes: boolean};

/**
 * Brings a drill to its beginning: what an earlier try left is taken away, then namespaces, objects and files are made.
 * @throws {DrillError} when something is in the way that no drill made.
 */
export async function setUp(drill: Drill, place: Place, signal?: AbortSignal): Promise<void> {
  if (drill.onNodes && place.nodes === undefined) {
    throw new DrillError(`${drill.title} works on files of nodes: do it on the practice cluster.`);
  }
  await refuseForeign(drill, place, signal);
  await takeAway(drill, place, signal);
  const {objects} = place;
  const outside = outsideOf(drill);
  const there = await Promise.all(outside.map((ref) => objects.get(ref, signal)));
  const before = outside.filter((_, index) => there[index] !== undefined).map(refKey);
  await mkdir(place.work, {recursive: true, mode: 0o700});
  const mark: Mark = {before, onNodes: drill.onNodes};
  await writeFile(markOf(place, drill), `${JSON.stringify(mark)}\n`, {mode: 0o600});
  await makeFiles(drill, place);
  const own = new Map(
    drill.setup
      .filter(({kind}) => kind === 'Namespace')
      .map((object) => [asString(asObject(object.metadata).name), object]),
  );
  await Promise.all(drill.namespaces.map((name) => makeNamespace(name, own.get(name), drill, place, signal)));
  for (const object of drill.setup) {
    if (object.kind === 'Namespace' && drill.namespaces.includes(nameOf(object))) continue;
    const ref = refOf(object);
    if (before.includes(refKey(ref))) {
      throw new DrillError(
        `${describe(ref)} is there already, and ${drill.title} would replace it. Delete it first.`,
      );
    }
    await apply(object, drill, place, signal);
  }
  await untilStarted(drill, place, signal);
}

/** Takes away what a drill made: its namespaces, objects outside them that were not there before, its files. */
export async function takeAway(drill: Drill, place: Place, signal?: AbortSignal): Promise<void> {
  const text = await readFile(markOf(place, drill), 'utf8').catch(() => undefined);
  const {before = []} = asObject(text === undefined ? undefined : JSON.parse(text));
  const {objects} = place;
  if (text !== undefined) {
    const made = outsideOf(drill).filter((ref) => !asArray(before).includes(refKey(ref)));
    // In turn, the last made first: a binding of a policy goes before the policy.
    for (const ref of made.reverse()) await remove(ref, objects, signal);
  }
  const namespaces = drill.namespaces.map((name): ObjectRef => ({...namespace, name}));
  await Promise.all(namespaces.map((ref) => remove(ref, objects, signal)));
  await Promise.all(namespaces.map(({name}) => endPods(name, objects, signal)));
  for (const ref of namespaces) {
    await until(
      async () => (await objects.get(ref, signal)) === undefined,
      `${describe(ref)} is gone`,
      signal,
    );
  }
  await rm(workFolder(place, drill), {recursive: true, force: true});
  await rm(markOf(place, drill), {force: true});
  if (drill.onNodes && text !== undefined && !(await hasNodeDrill(place))) await restoreNodes(place);
}

/** Whether another drill on node files is open, as in an exam. */
async function hasNodeDrill({work}: Place): Promise<boolean> {
  const names = await readdir(work).catch(() => []);
  for (const name of names.filter((one) => /^\..+\.json$/.test(one))) {
    const text = await readFile(join(work, name), 'utf8').catch(() => '{}');
    if (asObject(JSON.parse(text)).onNodes === true) return true;
  }
  return false;
}

/** Whether a drill was set up, and not taken away since. */
export const isSetUp = (drill: Drill, place: Place): boolean => existsSync(markOf(place, drill));

/** Takes away what drills left when kubekata ended in the middle of them. */
export async function takeLeftovers(drills: readonly Drill[], place: Place): Promise<void> {
  for (const drill of drills) if (isSetUp(drill, place)) await takeAway(drill, place);
}

const namespace: ObjectRef = {apiVersion: 'v1', kind: 'Namespace', namespace: '', name: ''};
const nameOf = (object: JsonObject): string => asString(asObject(object.metadata).name);
const refKey = ({kind, namespace: space, name}: ObjectRef): string => `${kind}/${space}/${name}`;
const refOf = (object: JsonObject): ObjectRef => ({
  apiVersion: asString(object.apiVersion),
  kind: asString(object.kind),
  namespace: asString(asObject(object.metadata).namespace),
  name: nameOf(object),
});

/** A namespace of the same name that no drill made stays as it is. */
async function refuseForeign(drill: Drill, {objects}: Place, signal?: AbortSignal): Promise<void> {
  for (const name of drill.namespaces) {
    const found = await objects.get({...namespace, name}, signal);
    if (found && asObject(asObject(found.metadata).labels)[label] === undefined) {
      throw new DrillError(
        `Namespace ${name} is there already, and no drill made it: ${drill.title} would delete it. Take another cluster.`,
      );
    }
  }
}

async function makeNamespace(
  name: string,
  own: JsonObject | undefined,
  drill: Drill,
  place: Place,
  signal?: AbortSignal,
): Promise<void> {
  const object = own ?? {apiVersion: 'v1', kind: 'Namespace', metadata: {name}};
  await apply(object, drill, place, signal);
  const account = {apiVersion: 'v1', kind: 'ServiceAccount', namespace: name, name: 'default'};
  // Pods are refused in a namespace that has no account for them yet.
  await until(
    async () => (await place.objects.get(account, signal)) !== undefined,
    `ServiceAccount ${name}/default is made`,
    signal,
  );
}

/** Creates an object; what the cluster made by itself (the account `default`) gets the fields. */
async function apply(
  object: JsonObject,
  drill: Drill,
  {objects}: Place,
  signal?: AbortSignal,
): Promise<void> {
  const {apiVersion, kind, namespace: space, name} = refOf(object);
  const metadata = asObject(object.metadata);
  const body = {
    ...object,
    metadata: {...metadata, labels: {...asObject(metadata.labels), [label]: drill.id}},
  };
  const wanted = space || ((await objects.isNamespaced(apiVersion, kind)) ? (drill.namespaces[0] ?? '') : '');
  const path = await untilDefined(() => objects.path(apiVersion, kind, wanted), `the kind ${kind}`, signal);
  const query = {fieldManager: 'kubekata-study', fieldValidation: 'Strict'};
  const made = await objects.api.send({method: 'POST', path, query, body, signal});
  if (made.status < 300) return;
  if (made.status !== 409) throw new ApiProblem(`create ${kind} ${name}`, made.status, made.body);
  const changed = await objects.api.send({
    method: 'PATCH',
    path: `${path}/${name}`,
    query,
    contentType: 'application/merge-patch+json',
    body,
    signal,
  });
  if (changed.status >= 300) throw new ApiProblem(`change ${kind} ${name}`, changed.status, changed.body);
}

async function remove(ref: ObjectRef, objects: Objects, signal?: AbortSignal): Promise<void> {
  const path = await objects.path(ref.apiVersion, ref.kind, ref.namespace, ref.name);
  if (path === undefined) return;
  const body = {apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background'};
  const {status, body: answer} = await objects.api.send({method: 'DELETE', path, body, signal});
  if (status >= 400 && status !== 404 && status !== 409) {
    throw new ApiProblem(`delete ${ref.kind} ${ref.name}`, status, answer);
  }
}

/** Ends the pods of a namespace that goes at once: nobody waits for them to finish. */
async function endPods(name: string, {api}: Objects, signal?: AbortSignal): Promise<void> {
  const path = `/api/v1/namespaces/${name}/pods`;
  const {status, body} = await api.send({
    method: 'DELETE',
    path,
    query: {gracePeriodSeconds: '0'},
    signal,
  });
  if (status >= 400 && status !== 404) throw new ApiProblem(`delete the pods of ${name}`, status, body);
}

const running = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Waits until the workloads of the set-up have their pods, and each has begun or says why not. */
async function untilStarted(drill: Drill, {objects}: Place, signal?: AbortSignal): Promise<void> {
  const spaces = new Set(
    drill.setup
      .filter(({kind}) => running.includes(asString(kind)) || kind === 'Pod')
      .map((object) => refOf(object).namespace || (drill.namespaces[0] ?? '')),
  );
  const wanted = drill.setup.filter(({kind}) => running.includes(asString(kind)) || kind === 'Pod');
  const count = (space: string) =>
    wanted
      .filter((object) => (refOf(object).namespace || drill.namespaces[0]) === space)
      .reduce((sum, {kind, spec}) => {
        const {replicas = 1} = asObject(spec);
        return sum + (kind === 'Deployment' || kind === 'StatefulSet' ? Number(replicas) : 1);
      }, 0);
  const isStarted = async () => {
    for (const space of spaces) {
      const pods = await objects.list('v1', 'Pod', space, {}, signal);
      if (pods.length < count(space) || !pods.every(hasBegun)) return false;
    }
    return true;
  };
  const end = Date.now() + startPatience;
  while (!(await isStarted()) && Date.now() < end) await pause(waitTime, undefined, {signal});
}

function hasBegun({status}: JsonObject): boolean {
  const {phase, containerStatuses, conditions} = asObject(status);
  if (phase !== 'Pending') return phase !== undefined;
  const reasons = [
    ...asArray(containerStatuses).map((one) => asObject(asObject(asObject(one).state).waiting).reason),
    ...asArray(conditions).map((one) => asObject(one).reason),
  ];
  return reasons.some((reason) => /Error|BackOff|Unschedulable|Invalid/.test(asString(reason)));
}

async function makeFiles(drill: Drill, place: Place): Promise<void> {
  const folder = workFolder(place, drill);
  await mkdir(folder, {recursive: true, mode: 0o700});
  const files = join(drill.folder, 'files');
  if (existsSync(files)) await cp(files, folder, {recursive: true});
  if (drill.certificateFor !== undefined) {
    const {certificate, key} = selfSigned(drill.certificateFor, new Date());
    await writeFile(join(folder, 'tls.crt'), certificate);
    await writeFile(join(folder, 'tls.key'), key, {mode: 0o600});
  }
  if (!drill.onNodes || place.nodes === undefined) return;
  const saved = savedNodes(place);
  // What the person did to the nodes outside of drills comes back when the drill is left.
  if (!existsSync(saved)) {
    await mirrorFiles(place.nodes, saved);
    if (place.pristineNodes) await mirrorFiles(place.pristineNodes, place.nodes);
  }
  const own = join(drill.folder, 'nodes');
  if (existsSync(own)) await cp(own, place.nodes, {recursive: true});
}

const savedNodes = ({work}: Place): string => join(work, '.nodes');

/** Puts the node files back as they were before a drill; nothing to do where none was left open. */
export async function restoreNodes(place: Place): Promise<void> {
  const saved = savedNodes(place);
  if (place.nodes === undefined || !existsSync(saved)) return;
  await mirrorFiles(saved, place.nodes);
  await rm(saved, {recursive: true, force: true});
}

async function untilDefined<T>(
  look: () => Promise<T | undefined>,
  what: string,
  signal?: AbortSignal,
): Promise<T> {
  let found: T | undefined;
  await until(
    async () => {
      found = await look();
      return found !== undefined;
    },
    `${what} is served`,
    signal,
  );
  return found!;
}

async function until(isSo: () => Promise<boolean>, what: string, signal?: AbortSignal): Promise<void> {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new DrillError(`After ${patience / 1000} s it is not so yet that ${what}.`);
    await pause(waitTime, undefined, {signal});
  }
}
