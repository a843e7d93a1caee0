import type {JsonObject} from '../../engine/json.ts';
import {
  type Context,
  type Controller,
  defined,
  itself,
  owner,
  ownerReference,
  refusal,
  splitKey,
  systemUser,
  writeStatus,
} from './controller.ts';
import {availableIn, isAvailable, isReady, podOf} from './pods.ts';
import {backOff, inNamespace} from './retry.ts';
import {currentRevision, forgetRevisions, revisionLabel} from './revisions.ts';
import type {Obj, Pod, StatefulSet} from './types.ts';

const component = 'statefulset-controller';
const user = systemUser(component);
const resource = 'statefulsets.apps';

/** Pods with a name, an order and claims of their own. */
export function statefulSetController(context: Context): Controller {
  const {cache, machine, events, clock} = context;
  const retries = backOff(context, component);
  const failing = new Set<string>();

  function reconcile(key: string): void {
    const set = cache.get<StatefulSet>(resource, ...splitKey(key));
    if (!set) {
      failing.delete(key);
      retries.reset(key);
      return;
    }
    if (set.metadata.deletionTimestamp !== undefined) return;
    const update = currentRevision(context, set, user);
    const updateName = update.metadata.name;
    const current = set.status?.currentRevision || updateName;
    const done = step(set, current, updateName);
    if (done) {
      failing.delete(key);
      retries.reset(key);
    } else {
      failing.add(key);
      retries.again(key);
    }
    report(key, current, updateName);
    forgetRevisions(context, set, podsOf(set), [update], user);
  }

  const podsOf = (set: StatefulSet): readonly Pod[] => cache.controlled<Pod>('pods', set);
  const ordinalOf = (pod: Pod): number =>
    Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
  const isHealthy = (pod: Pod, set: StatefulSet): boolean =>
    pod.metadata.deletionTimestamp === undefined &&
    isAvailable(pod, set.spec.minReadySeconds ?? 0, clock.now());

  /** One step. False when the API server refused something. */
  function step(set: StatefulSet, current: string, update: string): boolean {
    const replicas = set.spec.replicas ?? 1;
    const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
    const pods = new Map(podsOf(set).map((pod) => [ordinalOf(pod), pod]));
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
      const pod = pods.get(ordinal);
      if (pod && (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded')) {
        if (pod.metadata.deletionTimestamp === undefined) remove(set, pod);
        return true;
      }
      if (!pod) {
        const isOld = ordinal < partition && current !== update;
        if (!createPod(set, ordinal, isOld ? current : update)) return false;
        if (isOrdered) return true;
      } else if (isOrdered && !isHealthy(pod, set)) {
        // A pod of an old revision that never got ready would hold up the repair for ever.
        if (pod.metadata.labels?.[revisionLabel] === update || pod.metadata.deletionTimestamp !== undefined)
          return true;
        break;
      }
    }
    const extra = [...pods].filter(([ordinal]) => ordinal >= replicas).sort(([a], [b]) => b - a);
    for (const [, pod] of extra) {
      if (pod.metadata.deletionTimestamp === undefined) remove(set, pod);
      if (isOrdered) return true;
    }
    if (set.spec.updateStrategy?.type === 'OnDelete') return true;
    for (let ordinal = replicas - 1; ordinal >= partition; ordinal -= 1) {
      const pod = pods.get(ordinal);
      if (!pod) continue;
      if (pod.metadata.labels?.[revisionLabel] !== update) {
        if (pod.metadata.deletionTimestamp === undefined) remove(set, pod);
        return true;
      }
      if (!isHealthy(pod, set)) return true;
    }
    return true;
  }

  function createPod(set: StatefulSet, ordinal: number, revision: string): boolean {
    const {name, namespace = ''} = set.metadata;
    const podName = `${name}-${ordinal}`;
    const claims = set.spec.volumeClaimTemplates ?? [];
    const template = templateOf(set, revision);
    const volumes = [
      ...claims.map((claim) => ({
        name: claim.metadata.name,
        persistentVolumeClaim: {claimName: `${claim.metadata.name}-${podName}`},
      })),
      ...(template.spec.volumes ?? []).filter(
        (volume) => !claims.some((claim) => claim.metadata.name === volume.name),
      ),
    ];
    try {
      for (const claim of claims) createClaim(set, claim, podName);
      const pod = podOf(template, {
        name: podName,
        generateName: `${name}-`,
        namespace,
        owner: ownerReference(set),
        labels: {
          'apps.kubernetes.io/pod-index': String(ordinal),
          'statefulset.kubernetes.io/pod-name': podName,
          [revisionLabel]: revision,
        },
        spec: defined({
          hostname: podName,
          subdomain: set.spec.serviceName || undefined,
          volumes: volumes.length > 0 ? volumes : undefined,
        }),
      });
      machine.create('pods', namespace, pod, {user});
      events.normal(
        set,
        'SuccessfulCreate',
        `Create Pod ${podName} in StatefulSet ${name} successful`,
        component,
      );
      return true;
    } catch (error) {
      const {message} = refusal(error);
      const text = `create Pod ${podName} in StatefulSet ${name} failed error: ${message}`;
      events.warning(set, 'FailedCreate', text, component);
      return false;
    }
  }

  function templateOf(set: StatefulSet, revision: string): StatefulSet['spec']['template'] {
    const old = cache.get<Obj & {readonly data?: {readonly spec?: {readonly template?: JsonObject}}}>(
      'controllerrevisions.apps',
      set.metadata.namespace ?? '',
      revision,
    );
    const {$patch: _, ...template} = old?.data?.spec?.template ?? set.spec.template;
    return template as StatefulSet['spec']['template'];
  }

  function createClaim(set: StatefulSet, claim: Obj, podName: string): void {
    const {name, namespace = ''} = set.metadata;
    const claimName = `${claim.metadata.name}-${podName}`;
    if (cache.get('persistentvolumeclaims', namespace, claimName)) return;
    const {status: _, ...rest} = claim;
    const labels = {...claim.metadata.labels, ...set.spec.selector.matchLabels};
    const object = {
      ...rest,
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: defined({name: claimName, namespace, labels, annotations: claim.metadata.annotations}),
    };
    machine.create('persistentvolumeclaims', namespace, object, {user});
    const text = `Create Claim ${claimName} Pod ${podName} in StatefulSet ${name} success`;
    events.normal(set, 'SuccessfulCreate', text, component);
  }

  function remove(set: StatefulSet, pod: Pod): void {
    machine.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {user});
    const text = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
    events.normal(set, 'SuccessfulDelete', text, component);
  }

  function report(key: string, current: string, update: string): void {
    const set = cache.get<StatefulSet>(resource, ...splitKey(key));
    if (!set) return;
    const now = clock.now();
    const seconds = set.spec.minReadySeconds ?? 0;
    const pods = podsOf(set).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const of = (revision: string): number =>
      pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision).length;
    const ready = pods.filter(isReady);
    const isUpdated = of(update) === (set.spec.replicas ?? 1) && ready.length === of(update);
    const present = isUpdated ? update : current;
    const some = (count: number) => (count > 0 ? count : undefined);
    const status = defined({
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      readyReplicas: some(ready.length),
      currentReplicas: some(of(present)),
      updatedReplicas: some(of(update)),
      availableReplicas: ready.filter((pod) => isAvailable(pod, seconds, now)).length,
      currentRevision: present,
      updateRevision: update,
      collisionCount: set.status?.collisionCount ?? 0,
    });
    writeStatus(context, resource, set, status, user);
    const waits = ready.map((pod) => availableIn(pod, seconds, now) ?? 0).filter((wait) => wait > 0);
    if (waits.length > 0) context.enqueue(component, key, Math.min(...waits));
  }

  const refused = inNamespace<StatefulSet>(context, resource, (set) =>
    failing.has(`${set.metadata.namespace}/${set.metadata.name}`),
  );
  return {
    name: component,
    level: 3,
    watches: {
      [resource]: itself,
      pods: owner('StatefulSet'),
      limitranges: refused,
      resourcequotas: refused,
      serviceaccounts: refused,
      namespaces: refused,
    },
    reconcile,
  };
}
