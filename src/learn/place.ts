import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {asArray, asObject, asString, type JsonObject} from '../engine/json.ts';
import {describe} from '../engine/objects.ts';
import {ApiProblem, type ObjectRef, Objects} from './api.ts';
import {type Drill, outsideOf, refOf} from './drill.ts';
import {type Folders, makeFiles, restoreNodes, workFolder} from './drill-files.ts';
import type {DrillLocks} from './drill-locks.ts';
import {DrillError, patient, until, untilDefined, untilStarted} from './waiting.ts';

/** Where drills are done: a cluster, a folder for their files, and the files of the cluster's nodes if it shows any. */
export type Place = Folders & {
  readonly objects: Objects;
  /** Drills that this session has open; absent where there is no other session. */
  readonly locks?: DrillLocks;
};

const label = 'kubekata/drill';
const accountPatience = 5_000;

const markOf = ({work}: Place, {id}: Drill): string => join(work, `.${id}.json`);

/** What a started drill leaves behind for its end: objects outside its namespaces that were there before. */
type Mark = {
  readonly before: readonly string[];
  readonly onNodes: boolean;
  /** Whether all of it was made: a crash may come in between. */
  readonly whole: boolean;
};

/**
 * Brings a drill to its beginning: what an earlier try left is taken away, then namespaces, objects and files are made.
 * @throws {DrillError} when something is in the way that no drill made, or another session has the drill open.
 */
export async function setUp(drill: Drill, given: Place, signal?: AbortSignal): Promise<void> {
  const place = steady(given);
  if (drill.onNodes && place.nodes === undefined) {
    throw new DrillError(`${drill.title} works on files of nodes: do it on the practice cluster.`);
  }
  if ((await place.locks?.hold(drill)) === false) throw elsewhere(drill);
  await mendServer(drill, given, signal);
  await refuseForeign(drill, place, signal);
  await clear(drill, place, signal);
  const {objects} = place;
  const outside = outsideOf(drill);
  const there = await Promise.all(outside.map((ref) => objects.get(ref, signal)));
  const before = outside.filter((_, index) => there[index] !== undefined).map(refKey);
  await mkdir(place.work, {recursive: true, mode: 0o700});
  const mark: Mark = {before, onNodes: drill.onNodes, whole: false};
  await writeMark(mark, drill, place);
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
  await untilStarted(drill, objects, signal);
  await writeMark({...mark, whole: true}, drill, place);
}

const elsewhere = ({title, onNodes}: Drill): DrillError =>
  new DrillError(
    onNodes
      ? `Another kubekata study has ${title} open, or another drill on node files. Leave it there first, or take another drill.`
      : `Another kubekata study has ${title} open. Leave it there first, or take another drill.`,
  );

/** Written beside and moved: a crash leaves the old mark or the new one. */
async function writeMark(mark: Mark, drill: Drill, place: Place): Promise<void> {
  const file = markOf(place, drill);
  await writeFile(`${file}.new`, `${JSON.stringify(mark)}\n`, {mode: 0o600});
  await rename(`${file}.new`, file);
}

/**
 * Takes away what a drill made: its namespaces, objects outside them that were not there before, its files. What another
 * session has open stays.
 */
export async function takeAway(drill: Drill, given: Place, signal?: AbortSignal): Promise<void> {
  const place = steady(given);
  if ((await place.locks?.hold(drill)) === false) return;
  try {
    await mendServer(drill, given, signal);
    await clear(drill, place, signal);
  } finally {
    place.locks?.release(drill);
  }
}

const steady = (place: Place): Place => ({...place, objects: new Objects(patient(place.objects.api))});

/** An edit of its manifest may have stopped the API server: without the files of before, nothing can be taken away. */
async function mendServer(drill: Drill, place: Place, signal?: AbortSignal): Promise<void> {
  if (!drill.onNodes || !existsSync(markOf(place, drill)) || (await hasNodeDrill(place, drill))) return;
  const answers = await place.objects.api.send({path: '/version', signal}).then(
    () => true,
    () => false,
  );
  if (!answers) await restoreNodes(place);
}

async function clear(drill: Drill, place: Place, signal?: AbortSignal): Promise<void> {
  const text = await readFile(markOf(place, drill), 'utf8').catch(() => undefined);
  const {before = []} = asObject(text === undefined ? undefined : JSON.parse(text));
  const {objects} = place;
  if (text !== undefined) {
    const made = outsideOf(drill).filter((ref) => !asArray(before).includes(refKey(ref)));
    // In turn, the last made first: a binding of a policy goes before the policy.
    for (const ref of made.reverse()) await remove(ref, objects, signal);
  }
  const namespaces = await ownNamespaces(drill, place, signal);
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
async function hasNodeDrill({work}: Place, own?: Drill): Promise<boolean> {
  const names = await readdir(work).catch(() => []);
  for (const name of names.filter((one) => /^\..+\.json$/.test(one) && one !== `.${own?.id}.json`)) {
    const text = await readFile(join(work, name), 'utf8').catch(() => '{}');
    if (asObject(JSON.parse(text)).onNodes === true) return true;
  }
  return false;
}

/**
 * Whether a drill was set up whole, and not taken away since: then it is this session's to go on with.
 * @throws {DrillError} when another session has it open.
 */
export async function isSetUp(drill: Drill, place: Place): Promise<boolean> {
  if ((await place.locks?.hold(drill)) === false) throw elsewhere(drill);
  const text = await readFile(markOf(place, drill), 'utf8').catch(() => undefined);
  return text !== undefined && asObject(JSON.parse(text)).whole !== false;
}

/** Takes away what drills left when kubekata ended in the middle of them. */
export async function takeLeftovers(drills: readonly Drill[], place: Place): Promise<void> {
  for (const drill of drills) if (existsSync(markOf(place, drill))) await takeAway(drill, place);
}

const namespace: ObjectRef = {apiVersion: 'v1', kind: 'Namespace', namespace: '', name: ''};
const nameOf = (object: JsonObject): string => asString(asObject(object.metadata).name);
const refKey = ({kind, namespace: space, name}: ObjectRef): string => `${kind}/${space}/${name}`;

/** A namespace of the same name that no drill made stays as it is. */
async function refuseForeign(drill: Drill, place: Place, signal?: AbortSignal): Promise<void> {
  const found = await namespacesThere(drill, place, signal);
  const foreign = found.find(({isOwn}) => !isOwn);
  if (foreign === undefined) return;
  throw new DrillError(
    `Namespace ${foreign.ref.name} is there already, and no drill made it: ${drill.title} would delete it. Take another cluster.`,
  );
}

/** The namespaces of a drill that a drill made. */
const ownNamespaces = async (drill: Drill, place: Place, signal?: AbortSignal) =>
  (await namespacesThere(drill, place, signal)).flatMap(({ref, isOwn}) => (isOwn ? [ref] : []));

/** A drill that was set up has refused foreign ones then: what is there now is its own, label or not. */
async function namespacesThere(drill: Drill, place: Place, signal?: AbortSignal) {
  const {objects} = place;
  const isOpen = existsSync(markOf(place, drill));
  const found = await Promise.all(
    drill.namespaces.map(async (name) => {
      const ref: ObjectRef = {...namespace, name};
      const object = await objects.get(ref, signal);
      const isOwn = isOpen || asObject(asObject(object?.metadata).labels)[label] !== undefined;
      return object === undefined ? [] : [{ref, isOwn}];
    }),
  );
  return found.flat();
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
  // Pods are refused in a namespace that has no account for them yet. A controller that takes the namespace for the one
  // of the same name that went a moment ago makes none for minutes: then it is made here.
  const late = Date.now() + accountPatience;
  await until(
    async () => {
      if (Date.now() > late) {
        const body = {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'default'}};
        const path = `/api/v1/namespaces/${name}/serviceaccounts`;
        await place.objects.api.send({method: 'POST', path, body, signal});
      }
      return (await place.objects.get(account, signal)) !== undefined;
    },
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
