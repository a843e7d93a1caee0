import {asArray, asObject, asString, type JsonObject} from './json.ts';
import {groupOf} from './kinds.ts';
import {ownersOf, type Resource} from './objects.ts';
import {element, type Path} from './path.ts';

/** The kinds that run pods and that controls judge. */
export const WORKLOADS = [
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
] as const;

const workloadGroups: Readonly<Record<string, string>> = {
  Pod: '',
  ReplicaSet: 'apps',
  Deployment: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
};

export const isWorkload = (kind: string): boolean => kind in workloadGroups;

/** Whether no other counted workload owns it: a ReplicaSet of a Deployment is judged at the Deployment. */
export const isTopLevel = (resource: Resource): boolean =>
  !ownersOf(resource.object).some(({kind, apiVersion}) => workloadGroups[kind] === groupOf(apiVersion));

const templates: Readonly<Record<string, Path>> = {
  Pod: [],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** Path of what becomes the pod (its `metadata` and `spec`) in a workload: empty for a Pod. */
export const templatePath = (kind: string): Path => templates[kind] ?? ['spec', 'template'];
export const podSpecPath = (kind: string): Path => [...templatePath(kind), 'spec'];

export type ContainerType = 'containers' | 'initContainers' | 'ephemeralContainers';

export type Container = {
  readonly type: ContainerType;
  readonly name: string;
  readonly spec: JsonObject;
  readonly securityContext: JsonObject;
  /** Path in the workload, the element named by the container's name. */
  readonly path: Path;
};

export type PodTemplate = {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  readonly securityContext: JsonObject;
  /** Path of `spec` in the workload. */
  readonly path: Path;
  /** All of them: containers, init containers (native sidecars too), ephemeral containers. */
  readonly containers: readonly Container[];
  /** The kubelet of a Windows node ignores, and the API refuses, Linux fields. */
  readonly windows: boolean;
};

/** Of the objects looked at lately: a template takes more than a kilobyte, and 20 controls ask for it. */
let templateCache = new WeakMap<JsonObject, PodTemplate>();
let cached = 0;
const mostCached = 20_000;

/** The pod that a workload runs: any of WORKLOADS to its pod spec and containers, with their paths. */
export function podTemplate(resource: Resource): PodTemplate {
  const known = templateCache.get(resource.object);
  if (known) return known;
  const made = makePodTemplate(resource);
  cached += 1;
  if (cached % mostCached === 0) templateCache = new WeakMap();
  templateCache.set(resource.object, made);
  return made;
}

function makePodTemplate(resource: Resource): PodTemplate {
  let holder = resource.object;
  for (const segment of templatePath(resource.kind)) holder = asObject(holder[segment as string]);
  const spec = asObject(holder.spec);
  const path = podSpecPath(resource.kind);
  const containers = (['containers', 'initContainers', 'ephemeralContainers'] as const).flatMap((type) =>
    asArray(spec[type]).map((item, index): Container => {
      const container = asObject(item);
      const name = asString(container.name);
      return {
        type,
        name,
        spec: container,
        securityContext: asObject(container.securityContext),
        path: [...path, type, name ? element('name', name) : index],
      };
    }),
  );
  return {
    metadata: asObject(holder.metadata),
    spec,
    securityContext: asObject(spec.securityContext),
    path,
    containers,
    windows:
      asObject(spec.os).name === 'windows' || asObject(spec.nodeSelector)['kubernetes.io/os'] === 'windows',
  };
}

/** Name of the ServiceAccount that the pods run as. */
export const serviceAccountName = (template: PodTemplate): string =>
  asString(template.spec.serviceAccountName) || asString(template.spec.serviceAccount) || 'default';

/** Whether pods of this spec can't be changed once they run; only their owner, or a new pod, can. */
export const isImmutable = (kind: string): boolean => kind === 'Pod' || kind === 'Job';
