import {asString} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import {children, type Draft, ensure, ensureList, text} from '../draft.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** A pod's priority, from its class. @throws {ApiError} 403 when there is no such class. */
export function admitPriority(server: ApiServer, info: ResourceInfo, pod: Draft): void {
  const spec = ensure(pod, 'spec');
  const classes = server.list('priorityclasses.scheduling.k8s.io');
  if (!text(spec, 'priorityClassName')) {
    const fallback = classes.find(({globalDefault}) => globalDefault === true);
    if (fallback) spec.priorityClassName = fallback.metadata.name ?? '';
  }
  const name = text(spec, 'priorityClassName');
  const found = classes.find(({metadata}) => metadata.name === name);
  const value = name === '' ? 0 : (found?.value ?? systemPriorities[name]);
  if (typeof value !== 'number')
    throw forbidden(
      info,
      text(ensure(pod, 'metadata'), 'name'),
      `no PriorityClass with name ${name} was found`,
    );
  spec.priority = value;
  spec.preemptionPolicy ??= asString(found?.preemptionPolicy) || 'PreemptLowerPriority';
}

/** A pod stays five minutes on a node that is not ready. */
export function admitTolerations(pod: Draft): void {
  const spec = ensure(pod, 'spec');
  for (const state of ['not-ready', 'unreachable']) {
    const key = `node.kubernetes.io/${state}`;
    const tolerated = children(spec, 'tolerations').some(
      (item) =>
        (!text(item, 'key') || item.key === key) && (!text(item, 'effect') || item.effect === 'NoExecute'),
    );
    if (!tolerated)
      ensureList(spec, 'tolerations').push({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      });
  }
}

/** A claim without a class gets the default one. */
export function admitStorageClass(server: ApiServer, claim: Draft): void {
  const spec = ensure(claim, 'spec');
  if (spec.storageClassName !== undefined) return;
  const [found] = server
    .list('storageclasses.storage.k8s.io')
    .filter(
      ({metadata}) =>
        (metadata.annotations as Draft | undefined)?.['storageclass.kubernetes.io/is-default-class'] ===
        'true',
    );
  if (found?.metadata.name) spec.storageClassName = found.metadata.name;
}

/** An Ingress without a class gets the default one. */
export function admitIngressClass(server: ApiServer, ingress: Draft): void {
  const spec = ensure(ingress, 'spec');
  if (spec.ingressClassName !== undefined) return;
  const found = server
    .list('ingressclasses.networking.k8s.io')
    .find(
      ({metadata}) =>
        (metadata.annotations as Draft | undefined)?.['ingressclass.kubernetes.io/is-default-class'] ===
        'true',
    );
  if (found?.metadata.name) spec.ingressClassName = found.metadata.name;
}
