import type {Edit, Step} from '../../src/engine/change.ts';
import type {View} from '../../src/engine/control.ts';
import {componentOf, flagIndex} from '../../src/engine/derive.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import {filePathOf, manifestsFolder, unseenManifest} from '../../src/engine/node-file.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {element, type Path, plainElement} from '../../src/engine/path.ts';
import {podTemplate} from '../../src/engine/pod-spec.ts';

/** What a fix changes in the manifest of an API server, and beside it on its node. */
export type ServerChange = {
  /** Flags with their new values; undefined takes one out. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Folders or files of the node that the server reads or writes. */
  readonly mounts?: readonly Mount[];
  /** Files that have to be there first. */
  readonly files?: readonly {readonly file: string; readonly edits: readonly Edit[]}[];
  /** What may behave differently, in a sentence. */
  readonly consequence: string;
};

export type Mount = {
  readonly name: string;
  readonly path: string;
  readonly type: 'File' | 'Directory' | 'DirectoryOrCreate';
  readonly readOnly: boolean;
};

/** A static pod, its node, and its manifest there: as the file has it where files are readable, else as the API mirrors it. */
export type Manifest = {
  readonly node: string;
  readonly file: string;
  readonly content: JsonObject;
  /** Whether `content` is the file's own. */
  readonly isFile: boolean;
};

/** The manifests of the API servers that a Component stands for: its own pod, else all that are seen. */
export function manifestsOf(resource: Resource, view: View, fallback: string): readonly Manifest[] {
  const own = view.get('Pod', resource.namespace, resource.name);
  const servers = view
    .list('Component')
    .filter((one) => componentOf(one).component === 'kube-apiserver')
    .flatMap(({namespace, name}) => view.get('Pod', namespace, name) ?? []);
  const pods = own ? [own] : servers;
  // Nothing but the lines to add can be told where no pod is seen; k3s and RKE2 have no such file.
  if (pods.length === 0 && componentOf(resource).evidence.rung !== 'node-args')
    return [{node: '', file: fallback, content: unseenManifest, isFile: false}];
  return pods.map((pod) => manifestOf(pod, view, fallback));
}

function manifestOf(pod: Resource, view: View, fallback: string): Manifest {
  const node = asString(podTemplate(pod).spec.nodeName);
  const found = view
    .list('NodeFile', node)
    .find(
      (one) =>
        filePathOf(one).startsWith(`${manifestsFolder}/`) &&
        `${asString(asObject(one.object.metadata).name)}-${node}` === pod.name,
    );
  return found
    ? {node, file: filePathOf(found), content: found.object, isFile: true}
    : {node, file: fallback, content: pod.object, isFile: false};
}

/** The steps on one node: files first, because a server does not start without one that a flag names. */
export function stepsOn({node, file, content}: Manifest, change: ServerChange): readonly Step[] {
  const {files = [], mounts = [], flags} = change;
  const spec = asObject(content.spec);
  const container = asArray(spec.containers).map(asObject).find(isServer);
  const name = asString(container?.name);
  const edits = container
    ? [...flagEdits(container, name, flags), ...mounts.flatMap((mount) => mountEdits(mount, name))]
    : [];
  const made = files.map((one): Step => ({do: 'file', node, ...one}));
  return edits.length === 0 ? made : [...made, {do: 'file', node, file, edits}];
}

const words = (container: JsonObject, field: 'command' | 'args'): readonly string[] =>
  asArray(container[field]).map(asString);

const isServer = (container: JsonObject): boolean =>
  asString(container.name) === 'kube-apiserver' ||
  [...words(container, 'command'), ...words(container, 'args')][0]?.split('/').at(-1) === 'kube-apiserver';

const set = (path: Path, json: Json): Edit => ({op: 'set', path, value: {json}});

/** Values in place first, then what goes, then what is new: places do not move before they are used. */
function flagEdits(container: JsonObject, name: string, flags: ServerChange['flags']): readonly Edit[] {
  const field = words(container, 'args').length > 0 ? 'args' : 'command';
  const list = words(container, field);
  const at: Path = ['spec', 'containers', element('name', name), field];
  const changed: Edit[] = [];
  const gone: Edit[] = [];
  const made: Edit[] = [];
  for (const [flag, value] of Object.entries(flags)) {
    const index = flagIndex(list, flag);
    const word = list[index] ?? '';
    const next = list[index + 1] ?? '';
    // `--flag value` in two words.
    const isSplit = index >= 0 && !word.includes('=') && next !== '' && !next.startsWith('-');
    if (value === undefined) {
      if (index < 0) continue;
      gone.push({op: 'remove', path: [...at, plainElement(word)]});
      if (isSplit) gone.push({op: 'remove', path: [...at, plainElement(next)]});
    } else if (index < 0) made.push(set([...at, plainElement(`--${flag}=${value}`)], `--${flag}=${value}`));
    else if (isSplit) changed.push(set([...at, index + 1], value));
    else changed.push(set([...at, index], `--${flag}=${value}`));
  }
  return [...changed, ...gone, ...made];
}

function mountEdits({name, path, type, readOnly}: Mount, container: string): readonly Edit[] {
  const own: Path = ['spec', 'containers', element('name', container), 'volumeMounts', element('name', name)];
  return [
    set(own, {name, mountPath: path, ...(readOnly ? {readOnly} : {})}),
    set(['spec', 'volumes', element('name', name)], {name, hostPath: {path, type}}),
  ];
}
