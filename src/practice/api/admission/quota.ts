import {asArray, asObject, asString, equal, type JsonObject} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import {child, children, copy, type Draft, ensure, text} from '../draft.ts';
import type {Stored} from '../machine.ts';
import {formatNano, nanoOf, parseQuantity} from '../quantity.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

/** Names that quotas have for counts of objects. */
const countNames: Readonly<Record<string, string>> = {
  pods: 'pods',
  services: 'services',
  secrets: 'secrets',
  configmaps: 'configmaps',
  persistentvolumeclaims: 'persistentvolumeclaims',
  replicationcontrollers: 'replicationcontrollers',
  resourcequotas: 'resourcequotas',
};

type Usage = Map<string, bigint>;
const unit = 1_000_000_000n;

const add = (usage: Usage, name: string, amount: bigint): void => {
  usage.set(name, (usage.get(name) ?? 0n) + amount);
};

/** What one object uses of each resource that a quota may bound, in nano units. */
export function usageOf(info: ResourceInfo, object: JsonObject): Usage {
  const usage: Usage = new Map();
  add(usage, `count/${info.id}`, unit);
  const spec = child(object as Draft, 'spec');
  if (info.id === 'pods') {
    const phase = text(child(object as Draft, 'status'), 'phase');
    if (phase === 'Succeeded' || phase === 'Failed') return usage;
    add(usage, 'pods', unit);
    for (const field of ['requests', 'limits']) {
      for (const [name, amount] of podAmounts(spec, field)) {
        add(usage, `${field}.${name}`, amount);
        if (field === 'requests' && !name.includes('/')) add(usage, name, amount);
      }
    }
    return usage;
  }
  const count = countNames[info.id];
  if (count) add(usage, count, unit);
  if (info.id === 'persistentvolumeclaims') {
    const storage = nanoOf(text(child(child(spec, 'resources'), 'requests'), 'storage'));
    add(usage, 'requests.storage', storage);
    const storageClass = text(spec, 'storageClassName');
    if (storageClass) {
      add(usage, `${storageClass}.storageclass.storage.k8s.io/requests.storage`, storage);
      add(usage, `${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`, unit);
    }
  }
  if (info.id === 'services') {
    const type = text(spec, 'type');
    if (type === 'LoadBalancer') add(usage, 'services.loadbalancers', unit);
    const ports = children(spec, 'ports').filter(({nodePort}) => nodePort).length;
    if (type === 'NodePort' || ports > 0) add(usage, 'services.nodeports', BigInt(ports) * unit);
  }
  return usage;
}

function podAmounts(spec: Draft | undefined, field: string): Usage {
  const sum: Usage = new Map();
  const of = (container: Draft): JsonObject => child(child(container, 'resources'), field) ?? {};
  for (const container of children(spec, 'containers'))
    for (const [name, value] of Object.entries(of(container))) add(sum, name, nanoOf(value));
  for (const container of children(spec, 'initContainers')) {
    for (const [name, value] of Object.entries(of(container))) {
      if (container.restartPolicy === 'Always') add(sum, name, nanoOf(value));
      else if (nanoOf(value) > (sum.get(name) ?? 0n)) sum.set(name, nanoOf(value));
    }
  }
  return sum;
}

const isBestEffort = (pod: JsonObject): boolean =>
  text(child(pod as Draft, 'status'), 'qosClass') === 'BestEffort' ||
  [
    ...podAmounts(child(pod as Draft, 'spec'), 'requests').values(),
    ...podAmounts(child(pod as Draft, 'spec'), 'limits').values(),
  ].every((amount) => amount === 0n);

/** Whether the quota's scopes take this object in. */
function inScope(quota: JsonObject, info: ResourceInfo, object: JsonObject): boolean {
  const spec = asObject(quota.spec);
  const scopes = asArray(spec.scopes).map(asString);
  const selectors = asArray(asObject(spec.scopeSelector).matchExpressions).map(asObject);
  if (scopes.length === 0 && selectors.length === 0) return true;
  if (info.id !== 'pods') return false;
  const podSpec = asObject(object.spec);
  const fits = (scope: string): boolean => {
    switch (scope) {
      case 'BestEffort':
        return isBestEffort(object);
      case 'NotBestEffort':
        return !isBestEffort(object);
      case 'Terminating':
        return podSpec.activeDeadlineSeconds !== undefined;
      case 'NotTerminating':
        return podSpec.activeDeadlineSeconds === undefined;
      case 'PriorityClass':
        return asString(podSpec.priorityClassName) !== '';
      default:
        return false;
    }
  };
  return (
    scopes.every(fits) &&
    selectors.every(({scopeName, operator, values}) => {
      if (scopeName === 'PriorityClass') {
        const name = asString(podSpec.priorityClassName);
        const listed = asArray(values).map(asString).includes(name);
        if (operator === 'In') return listed;
        if (operator === 'NotIn') return !listed;
        return (name !== '') === (operator === 'Exists');
      }
      return fits(asString(scopeName)) === (operator !== 'DoesNotExist');
    })
  );
}

/** What a namespace uses of a quota's resources. */
export function usedOf(server: ApiServer, quota: Stored): JsonObject {
  const hard = asObject(asObject(quota.spec).hard);
  const namespace = quota.metadata.namespace ?? '';
  const total: Usage = new Map();
  for (const id of countedIds(server, hard)) {
    const info = server.registry.get(id);
    if (!info) continue;
    for (const object of server.list(id, namespace)) {
      if (!inScope(quota, info, object)) continue;
      for (const [name, amount] of usageOf(info, object)) add(total, name, amount);
    }
  }
  return Object.fromEntries(
    Object.keys(hard).map((name) => [name, formatNano(total.get(name) ?? 0n, usedFormat(name, hard[name]))]),
  );
}

/** Memory and storage are shown in binary units, whatever the bound is written in. */
const usedFormat = (name: string, hard: unknown): unknown =>
  /memory|storage/.test(name) && parseQuantity(asString(hard as string))?.format === 'decimal' ? '1Ki' : hard;

function countedIds(server: ApiServer, hard: JsonObject): Set<string> {
  const ids = new Set<string>();
  for (const name of Object.keys(hard)) {
    const counted = /^count\/(.+)$/.exec(name)?.[1];
    if (counted) ids.add(counted);
    else if (countNames[name]) ids.add(name);
    else if (name.includes('storage') && !name.includes('ephemeral')) ids.add('persistentvolumeclaims');
    else if (name.startsWith('services.')) ids.add('services');
    else if (name.includes('persistentvolumeclaims')) ids.add('persistentvolumeclaims');
    else ids.add('pods');
  }
  return new Set([...ids].filter((id) => server.registry.get(id)));
}

const computeName = /^(?:(?:requests|limits)\.)?(?:cpu|memory|ephemeral-storage)$/;

/** @throws {ApiError} 403 when the object would exceed a quota, or says nothing of what a quota bounds. */
export function checkQuota(
  server: ApiServer,
  info: ResourceInfo,
  draft: Draft,
  old: Stored | undefined,
): void {
  const metadata = child(draft, 'metadata');
  const namespace = text(metadata, 'namespace');
  const name = text(metadata, 'name');
  for (const quota of server.list('resourcequotas', namespace)) {
    const hard = asObject(asObject(quota.spec).hard);
    if (!inScope(quota, info, draft)) continue;
    const bounded = Object.keys(hard).sort();
    const quotaName = quota.metadata.name ?? '';
    if (info.id === 'pods' && !old) {
      const missing = missingResources(draft, bounded);
      if (missing.length > 0)
        throw forbidden(info, name, `failed quota: ${quotaName}: must specify ${missing.join('; ')}`);
    }
    const wanted = usageOf(info, draft);
    const had = old ? usageOf(info, old) : new Map<string, bigint>();
    const used = usedOf(server, quota);
    const over = bounded.filter((resource) => {
      const more = (wanted.get(resource) ?? 0n) - (had.get(resource) ?? 0n);
      return more > 0n && nanoOf(used[resource]) + more > nanoOf(hard[resource]);
    });
    if (over.length === 0) continue;
    const list = (value: (resource: string) => string): string =>
      over.map((resource) => `${resource}=${value(resource)}`).join(',');
    const requested = list((resource) =>
      formatNano((wanted.get(resource) ?? 0n) - (had.get(resource) ?? 0n), requestFormat(resource)),
    );
    throw forbidden(
      info,
      name,
      `exceeded quota: ${quotaName}, requested: ${requested}, used: ${list((resource) => asString(used[resource]))}, limited: ${list((resource) => asString(hard[resource]))}`,
    );
  }
}

const requestFormat = (resource: string): string => (/memory|storage/.test(resource) ? '1Ki' : '1');

/** `limits.cpu for: a,b`: resources that a quota bounds and some containers leave open. */
function missingResources(pod: Draft, bounded: readonly string[]): string[] {
  const containers = [
    ...children(child(pod, 'spec'), 'containers'),
    ...children(child(pod, 'spec'), 'initContainers'),
  ];
  return bounded
    .filter((resource) => computeName.test(resource))
    .flatMap((resource) => {
      const [field, name] = resource.startsWith('limits.')
        ? ['limits', resource.slice(7)]
        : ['requests', resource.replace('requests.', '')];
      const open = containers.filter(
        (container) => child(child(container, 'resources'), field!)?.[name!] === undefined,
      );
      return open.length > 0
        ? [
            `${resource} for: ${open
              .map((container) => text(container, 'name'))
              .sort()
              .join(',')}`,
          ]
        : [];
    });
}

/** Writes what is used into the status of a namespace's quotas, where it changed. */
export function refreshQuotas(server: ApiServer, namespace: string): void {
  for (const quota of server.list('resourcequotas', namespace)) {
    const hard = asObject(asObject(quota.spec).hard);
    const status = {hard, used: usedOf(server, quota)};
    if (equal(quota.status, status)) continue;
    const draft = copy(quota);
    Object.assign(ensure(draft, 'status'), copy(status));
    server.updateStatus('resourcequotas', draft as Stored, {user: 'kube-controller-manager'});
  }
}
