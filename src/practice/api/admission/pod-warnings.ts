import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {podSpecOf} from '../defaults/workloads.ts';
import {children, type Draft} from '../draft.ts';
import {nanoOf} from '../quantity.ts';

const places: Readonly<Record<string, string>> = {
  Pod: 'spec',
  Deployment: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
};
const whole = 1_000_000_000n;

/** What the server takes and warns of: deprecated or doubled parts of a pod spec, a part of a byte. */
export function podWarnings(draft: Draft): readonly string[] {
  if (draft.kind === 'PersistentVolumeClaim')
    return fractions(asObject(asObject(draft.spec).resources), 'spec.resources', ['storage']);
  const at = places[asString(draft.kind)];
  const spec = at === undefined ? undefined : podSpecOf(draft);
  if (!spec || at === undefined) return [];
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    children(spec, key).map((container, index) => ({container, at: `${at}.${key}[${index}]`})),
  );
  return [
    ...deprecatedLabels(spec, at),
    ...volumes(spec, at),
    ...doubles(spec, 'hostAliases', 'ip', at),
    ...doubles(spec, 'imagePullSecrets', 'name', at),
    ...children(spec, 'imagePullSecrets').flatMap(({name}, index) =>
      asString(name) === '' ? [`${at}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
    ),
    ...containers.flatMap((one) => [
      ...fractions(asObject(one.container.resources), `${one.at}.resources`),
      ...hiddenVariables(one.container, one.at),
    ]),
    ...doubledPorts(containers),
    ...(Number(spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [
          `${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
        ]
      : []),
    ...nullSelectors(asObject(spec.affinity), `${at}.affinity`),
  ];
}

const fractions = (
  resources: JsonObject,
  at: string,
  names: readonly string[] = ['memory', 'ephemeral-storage'],
): readonly string[] =>
  ['limits', 'requests'].flatMap((key) =>
    names.flatMap((name): readonly string[] => {
      const amount = asObject(resources[key])[name];
      if (amount === undefined || nanoOf(amount) % whole === 0n) return [];
      return [
        `${at}.${key}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`,
      ];
    }),
  );

/** Labels of nodes by their old names, and what to use instead. */
const oldLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
const noPod = 'labelSelector: a null labelSelector results in matching no pod';

function deprecatedLabels(spec: Draft, at: string): readonly string[] {
  const node = asObject(asObject(spec.affinity).nodeAffinity);
  const wanted = `${at}.affinity.nodeAffinity.${required}.nodeSelectorTerms`;
  const liked = `${at}.affinity.nodeAffinity.${preferred}`;
  return [
    ...Object.keys(asObject(spec.nodeSelector)).flatMap((label) =>
      oldLabels[label] ? [`${at}.nodeSelector[${label}]: ${oldLabels[label]}`] : [],
    ),
    ...objects(asObject(node[required]).nodeSelectorTerms).flatMap((term, index) =>
      oldTerms(term, `${wanted}[${index}]`),
    ),
    ...objects(node[preferred]).flatMap((one, index) =>
      oldTerms(asObject(one.preference), `${liked}[${index}].preference`),
    ),
    ...children(spec, 'topologySpreadConstraints').flatMap((constraint, index) => {
      const place = `${at}.topologySpreadConstraints[${index}]`;
      const label = asString(constraint.topologyKey);
      return [
        ...(oldLabels[label] ? [`${place}.topologyKey: ${label} is ${oldLabels[label]}`] : []),
        ...(isObject(constraint.labelSelector) ? [] : [`${place}.${noPod}`]),
      ];
    }),
  ];
}

const objects = (list: Json | undefined): readonly JsonObject[] => asArray(list).map(asObject);

const oldTerms = (term: JsonObject, at: string): readonly string[] =>
  objects(term.matchExpressions).flatMap(({key}, index) => {
    const label = asString(key);
    return oldLabels[label] ? [`${at}.matchExpressions[${index}].key: ${label} is ${oldLabels[label]}`] : [];
  });

const nullSelectors = (affinity: JsonObject, at: string): readonly string[] =>
  ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const {[required]: wanted, [preferred]: liked} = asObject(affinity[kind]);
    return [
      ...objects(wanted).flatMap(({labelSelector}, index) =>
        isObject(labelSelector) ? [] : [`${at}.${kind}.${required}[${index}].${noPod}`],
      ),
      ...objects(liked).flatMap(({podAffinityTerm}, index) =>
        isObject(asObject(podAffinityTerm).labelSelector)
          ? []
          : [`${at}.${kind}.${preferred}[${index}].podAffinityTerm.${noPod}`],
      ),
    ];
  });

const oldVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

const volumes = (spec: Draft, at: string): readonly string[] =>
  children(spec, 'volumes').flatMap((volume, index) =>
    Object.entries(oldVolumes).flatMap(([kind, why]) =>
      isObject(volume[kind]) ? [`${at}.volumes[${index}].${kind}: ${why}`] : [],
    ),
  );

function doubles(spec: Draft, list: string, key: string, at: string): readonly string[] {
  const seen = new Set<string>();
  return children(spec, list).flatMap((item, index) => {
    const value = asString(item[key]);
    if (seen.has(value)) return [`${at}.${list}[${index}].${key}: duplicate ${key} ${JSON.stringify(value)}`];
    seen.add(value);
    return [];
  });
}

/** A variable that takes the place of an earlier one without reading it. */
function hiddenVariables(container: Draft, at: string): readonly string[] {
  const seen = new Set<string>();
  return children(container, 'env').flatMap((variable, index) => {
    const name = asString(variable.name);
    const [value, self] = [asString(variable.value), `$(${name})`];
    const isKept = !isObject(variable.valueFrom) && value !== self && value.includes(self);
    if (seen.has(name) && !isKept)
      return [
        `${at}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      ];
    seen.add(name);
    return [];
  });
}

type Port = {readonly at: string; readonly host: number; readonly ip: string};

function doubledPorts(
  containers: readonly {readonly container: Draft; readonly at: string}[],
): readonly string[] {
  const warnings: string[] = [];
  const byNumber = new Map<string, Port[]>();
  const byName = new Map<string, string>();
  for (const {container, at} of containers) {
    for (const [index, port] of children(container, 'ports').entries()) {
      const place = `${at}.ports[${index}]`;
      const one: Port = {at: place, host: Number(port.hostPort ?? 0), ip: asString(port.hostIP)};
      const key = `${Number(port.containerPort ?? 0)}/${asString(port.protocol)}`;
      const others = byNumber.get(key) ?? [];
      for (const other of others) {
        const isSame = one.ip === other.ip && one.host === other.host;
        if (isSame) warnings.push(`${place}: duplicate port definition with ${other.at}`);
        else if (one.host === 0 || other.host === 0)
          warnings.push(`${place}: overlapping port definition with ${other.at}`);
        else if (one.host === other.host && (one.ip === '') !== (other.ip === ''))
          warnings.push(`${place}: dangerously ambiguous port definition with ${other.at}`);
      }
      byNumber.set(key, [...others, one]);
    }
  }
  for (const {container, at} of containers) {
    for (const [index, port] of children(container, 'ports').entries()) {
      const place = `${at}.ports[${index}]`;
      const name = asString(port.name);
      const first = name === '' ? undefined : byName.get(name);
      if (first)
        warnings.push(
          `${place}: duplicate port name ${JSON.stringify(name)} with ${first}, services and probes that select ports by name will use ${first}`,
        );
      else if (name !== '') byName.set(name, place);
    }
  }
  return warnings;
}
