import type {Edit, Step} from './change.ts';
import type {View} from './control.ts';
import {type Component, componentOf, derive} from './derive.ts';
import {applyEdits} from './edits.ts';
import {asArray, asObject, asString, equal, type JsonObject} from './json.ts';
import {kubeletOf} from './kubelet.ts';
import {kubeletConfigFile, manifestsFolder, nodeFileRef, nodeFileResource} from './node-file.ts';
import {type Resource, refId} from './objects.ts';
import {getAt} from './path.ts';

type FileStep = Extract<Step, {do: 'file'}>;

/** What simulating a step may look at: objects as earlier steps of the change leave them. */
export type Seen = {
  byKey(key: string): Resource | undefined;
  get(kind: string, namespace: string, name: string): Resource | undefined;
  list(kind: string): readonly Resource[];
};

/** Whether the edits take the file itself away. */
export const removesFile = (edits: readonly Edit[]): boolean =>
  edits.some(({op, path}) => op === 'remove' && path.length === 0);

/** The file after the edits; undefined where they take it away. @throws {EditError} */
export const fileAfter = (before: JsonObject | undefined, edits: readonly Edit[]): JsonObject | undefined =>
  removesFile(edits) ? undefined : applyEdits(before ?? {}, edits);

/** What changes with a file of a node: the file, and what its kubelet makes of it. @throws {EditError} */
export function simulateFile(step: FileStep, seen: Seen): readonly Resource[] {
  const known = seen.byKey(refId(nodeFileRef(step.node, step.file)));
  const after = fileAfter(known?.object, step.edits);
  if (after === undefined) return [];
  const own = nodeFileResource(step.node, step.file, after);
  if (step.file === kubeletConfigFile) return [own, ...kubeletAfter(step, seen)];
  return step.file.startsWith(`${manifestsFolder}/`) ? [own, ...podAfter(step, after, seen)] : [own];
}

/** The kubelet runs with its file as soon as it was restarted. */
function kubeletAfter({node, edits}: FileStep, seen: Seen): readonly Resource[] {
  const kubelet = seen.get('Kubelet', '', node);
  if (kubelet === undefined) return [];
  const config = applyEdits(kubeletOf(kubelet).config, edits);
  return [{...kubelet, object: {...kubelet.object, config}}];
}

/** The kubelet starts the pod of the manifest anew; what the API server tells of its own flags changes with its pod. */
function podAfter({node, edits}: FileStep, manifest: JsonObject, seen: Seen): readonly Resource[] {
  const {name, namespace} = asObject(manifest.metadata);
  const pod = seen.get('Pod', asString(namespace) || 'default', `${asString(name)}-${node}`);
  if (pod === undefined) return [];
  const after: Resource = {...pod, object: applyEdits(pod.object, edits)};
  const [was, is] = [pod, after].map((one) => derive(one).map(componentOf).find(isServer));
  if (was === undefined || is === undefined) return [after];
  const told = seen.list('Component').filter((one) => componentOf(one).evidence.rung === 'flagz');
  return [after, ...told.map((one) => ({...one, object: withFlagsOf(componentOf(one), was, is)}))];
}

/** Whether the cluster shows what a written file makes of it: the kubelet runs with it, or its pod was started anew. */
export function tookEffect(
  {node, file, edits}: FileStep,
  after: JsonObject | undefined,
  view: View,
): boolean {
  if (file === kubeletConfigFile) {
    const kubelet = view.get('Kubelet', '', node);
    return (
      kubelet === undefined ||
      edits.every(({path}) => equal(getAt(kubeletOf(kubelet).config, path), getAt(after, path)))
    );
  }
  if (!file.startsWith(`${manifestsFolder}/`) || after === undefined) return true;
  const {name, namespace} = asObject(after.metadata);
  const pod = view.get('Pod', asString(namespace) || 'default', `${asString(name)}-${node}`);
  const words = (object: JsonObject | undefined) =>
    asArray(asObject(object?.spec).containers).flatMap((one) => [
      ...asArray(asObject(one).command),
      ...asArray(asObject(one).args),
    ]);
  return pod !== undefined && equal(words(pod.object), words(after));
}

const isServer = ({component}: Component): boolean => component === 'kube-apiserver';

function withFlagsOf(told: Component, was: Component, is: Component): Component {
  const gone = was.command.filter((word) => !is.command.includes(word)).map(nameOf);
  const made = is.command.filter((word) => !was.command.includes(word));
  const changed = new Set([...gone, ...made.map(nameOf)]);
  const kept = told.command.filter((word) => !changed.has(nameOf(word)));
  const command = [...kept, ...made];
  const flags = Object.fromEntries(
    command.slice(1).map((word) => [nameOf(word), word.slice(word.indexOf('=') + 1)]),
  );
  const wordPaths = command.map((word, index) => (index === 0 ? ['command', 0] : ['flags', nameOf(word)]));
  return {...told, command, flags, wordPaths};
}

const nameOf = (word: string): string => /^--([^=]+)/.exec(word)?.[1] ?? word;
