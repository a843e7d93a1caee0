import {equal} from '../../engine/json.ts';
import {timestamp} from './clock.ts';
import {type Context, hashOf, ownerReference, refusal, systemUser, writeStatus} from './controller.ts';
import {maximumOf} from './deployment-scale.ts';
import {withoutHash} from './pods.ts';
import type {Deployment, ReplicaSet} from './types.ts';

const component = 'deployment-controller';
const user = systemUser(component);
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

const revisionOf = (set: ReplicaSet): number => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);

/**
 * Finds or makes the ReplicaSet of the present template and gives it the highest revision: an old one that is rolled
 * back to moves up, as `kubectl rollout history` shows it.
 */
export function ensureNewReplicaSet(
  context: Context,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
  replicas: number,
): {readonly set: ReplicaSet | undefined; readonly isNew: boolean} {
  const old = sets.filter((set) => set !== current);
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  if (current) {
    const known = revisionOf(current);
    const kept = String(Math.max(known, revision));
    const annotations = annotationsOf(deployment, current, kept);
    let set = current;
    if (!equal(annotations, current.metadata.annotations)) {
      const next = {...current, metadata: {...current.metadata, annotations}};
      set = context.machine.update('replicasets.apps', next, {user}) as ReplicaSet;
    }
    tellRevision(context, deployment, kept);
    return {set, isNew: false};
  }
  const created = create(context, deployment, String(revision), replicas);
  if (created) tellRevision(context, deployment, String(revision));
  return {set: created, isNew: created !== undefined};
}

function annotationsOf(deployment: Deployment, set: ReplicaSet | undefined, revision: string) {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  const annotations: Record<string, string> = {...set?.metadata.annotations, ...Object.fromEntries(copied)};
  const before = annotations[revisionAnnotation];
  if (before !== undefined && before !== revision) {
    annotations[historyAnnotation] = [annotations[historyAnnotation], before].filter(Boolean).join(',');
  }
  annotations[revisionAnnotation] = revision;
  if (!set) {
    annotations['deployment.kubernetes.io/desired-replicas'] = String(deployment.spec.replicas ?? 1);
    annotations['deployment.kubernetes.io/max-replicas'] = String(maximumOf(deployment));
  }
  return annotations;
}

function create(
  context: Context,
  deployment: Deployment,
  revision: string,
  replicas: number,
): ReplicaSet | undefined {
  const {name, namespace = ''} = deployment.metadata;
  const {template, selector, minReadySeconds} = deployment.spec;
  const collisions = deployment.status?.collisionCount;
  const hash = hashOf(withoutHash(template), collisions === undefined ? '' : String(collisions));
  const labels = {...template.metadata?.labels, 'pod-template-hash': hash};
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: annotationsOf(deployment, undefined, revision),
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : {minReadySeconds}),
      selector: {...selector, matchLabels: {...selector.matchLabels, 'pod-template-hash': hash}},
      template: {...template, metadata: {...template.metadata, labels}},
    },
  };
  try {
    const created = context.machine.create('replicasets.apps', namespace, set, {user}) as ReplicaSet;
    if (replicas > 0) {
      const message = `Scaled up replica set ${created.metadata.name} from 0 to ${replicas}`;
      context.events.normal(deployment, 'ScalingReplicaSet', message, component);
    }
    return created;
  } catch (error) {
    const {reason, message} = refusal(error);
    if (reason === 'AlreadyExists') {
      const status = {...deployment.status, collisionCount: (collisions ?? 0) + 1};
      writeStatus(context, 'deployments.apps', deployment, status, user);
      return undefined;
    }
    failed(context, deployment, message);
    return undefined;
  }
}

function failed(context: Context, deployment: Deployment, refused: string): void {
  const message = `Failed to create new replica set "${deployment.metadata.name}": ${refused}`;
  context.events.warning(deployment, 'ReplicaSetCreateError', message, component);
  const known = (deployment.status?.conditions ?? []).filter((one) => one.type !== 'Progressing');
  const at = timestamp(context.clock.now());
  const condition = {
    type: 'Progressing',
    status: 'False',
    lastUpdateTime: at,
    lastTransitionTime: at,
    reason: 'ReplicaSetCreateError',
    message,
  };
  writeStatus(
    context,
    'deployments.apps',
    deployment,
    {...deployment.status, conditions: [...known, condition]},
    user,
  );
}

function tellRevision(context: Context, deployment: Deployment, revision: string): void {
  const {name, namespace = '', annotations} = deployment.metadata;
  if (annotations?.[revisionAnnotation] === revision) return;
  const latest = context.cache.get<Deployment>('deployments.apps', namespace, name) ?? deployment;
  const metadata = {
    ...latest.metadata,
    annotations: {...latest.metadata.annotations, [revisionAnnotation]: revision},
  };
  // By the status: an annotation that is written otherwise counts as a new generation.
  context.machine.updateStatus('deployments.apps', {...latest, metadata}, {user});
}
