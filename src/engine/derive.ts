import type {Evidence, Observed} from './evidence.ts';
import {asArray, asObject, asString, type JsonObject} from './json.ts';
import {labelsOf, objectId, type Resource} from './objects.ts';

/**
 * Derived objects of one API object: the grants of a binding (subject × role × binding), the control-plane component
 * of a static pod. Pure, and from that one object alone; roles are looked up when a control checks a grant.
 */
export function derive(resource: Resource): readonly Resource[] {
  if (resource.kind === 'RoleBinding' || resource.kind === 'ClusterRoleBinding') return grantsOf(resource);
  if (resource.kind === 'Pod') return componentsOf(resource);
  return [];
}

/** What the object of a Grant resource holds. */
export type Grant = JsonObject & {
  readonly subject: {readonly kind: string; readonly namespace: string; readonly name: string};
  readonly subjectIndex: number;
  /** Namespace is empty for a ClusterRole. */
  readonly role: {readonly kind: string; readonly namespace: string; readonly name: string};
  readonly binding: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly key: string;
  };
};

function grantsOf(binding: Resource): readonly Resource[] {
  const roleRef = asObject(binding.object.roleRef);
  const roleKind = asString(roleRef.kind);
  const role = {
    kind: roleKind,
    namespace: roleKind === 'Role' ? binding.namespace : '',
    name: asString(roleRef.name),
  };
  return asArray(binding.object.subjects).map((item, subjectIndex) => {
    const given = asObject(item);
    const kind = asString(given.kind);
    const subject = {
      kind,
      namespace: kind === 'ServiceAccount' ? asString(given.namespace) || binding.namespace : '',
      name: asString(given.name),
    };
    const at = {kind: binding.kind, namespace: binding.namespace, name: binding.name, key: binding.key};
    const id = [subject, role, at].map((one) => objectId(one.kind, one.namespace, one.name)).join(' + ');
    const object: Grant = {subject, subjectIndex, role, binding: at};
    return {
      key: `${id}${binding.key === binding.id ? '' : ` ${binding.key}`}${subjectIndex > 0 ? ` [${subjectIndex}]` : ''}`,
      id,
      apiVersion: 'kubekata/v1',
      kind: 'Grant',
      namespace: binding.namespace,
      name: `${subject.name} ${binding.name}`,
      object,
      source: binding.source,
    };
  });
}

export const grantOf = (resource: Resource): Grant => resource.object as Grant;

/** What the object of a Component resource holds. */
export type Component = JsonObject & {
  /** `kube-apiserver`, `etcd`, … */
  readonly component: string;
  /** Its command line: program and flags, in order. */
  readonly command: readonly string[];
  /** Path in the pod of each word of `command`. */
  readonly wordPaths: readonly ComponentPath[];
  /** Path of the list in the pod that holds the flags, where a missing one belongs. */
  readonly flagsPath: ComponentPath;
  /** Names its version, mostly. */
  readonly image: string;
  readonly evidence: Evidence;
  /** `v1.36.3`, where the server told it. */
  readonly version?: string;
  /** What it does, where no flags are known. */
  readonly observed?: Observed;
};

type ComponentPath = readonly (string | number)[];

const componentNames = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;

function componentsOf(pod: Resource): readonly Resource[] {
  if (pod.namespace !== 'kube-system') return [];
  const containers = asArray(asObject(pod.object.spec).containers);
  return containers.flatMap((item, index) => {
    const container = asObject(item);
    const words = (['command', 'args'] as const).flatMap((field) =>
      asArray(container[field]).map((word, at) => ({
        word: asString(word),
        path: ['spec', 'containers', index, field, at],
      })),
    );
    const command = words.map(({word}) => word);
    const program = (command[0] ?? '').split('/').at(-1) ?? '';
    const labelled = asString(labelsOf(pod.object).component);
    const component = componentNames.find(
      (name) => name === program || (name === labelled && name === container.name),
    );
    if (component === undefined) return [];
    const flags = asArray(container.args).length > 0 ? 'args' : 'command';
    const object: Component = {
      component,
      command,
      wordPaths: words.map(({path}) => path),
      flagsPath: ['spec', 'containers', index, flags],
      image: asString(container.image),
      evidence: {rung: 'static-pod', source: 'the arguments of its static pod', confidence: 'running'},
    };
    return [{...pod, key: `Component ${pod.key}`, apiVersion: 'kubekata/v1', kind: 'Component', object}];
  });
}

export const componentOf = (resource: Resource): Component => resource.object as Component;

/** Index of the word that sets a flag on a command line, -1 without one. The last one counts, as for the program. */
export const flagIndex = (command: readonly string[], name: string): number =>
  command.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));

/** The value of `--name=value` or `--name value` on a command line; `true` for a bare flag; undefined without it. */
export function flagValue(command: readonly string[], name: string): string | undefined {
  const index = flagIndex(command, name);
  const word = command[index];
  if (word === undefined) return undefined;
  if (word.includes('=')) return word.slice(word.indexOf('=') + 1);
  const next = command[index + 1];
  return next === undefined || next.startsWith('-') ? 'true' : next;
}
