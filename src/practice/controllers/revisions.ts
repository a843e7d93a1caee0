import {asObject, equal} from '../../engine/json.ts';
import {type Context, hashOf, ownerReference, refusal} from './controller.ts';
import type {Obj, Pod, PodTemplate} from './types.ts';

type Revision = Obj & {readonly revision: number};
type Versioned = Obj & {
  readonly spec: {readonly template: PodTemplate; readonly revisionHistoryLimit?: number};
  readonly status?: {readonly collisionCount?: number};
};

const resource = 'controllerrevisions.apps';
export const revisionLabel = 'controller-revision-hash';

/** The history of a StatefulSet's or DaemonSet's template, as ControllerRevisions: what `kubectl rollout undo` reads. */
export function currentRevision(context: Context, owner: Versioned, user: string): Revision {
  const {cache, machine} = context;
  const {name, namespace = ''} = owner.metadata;
  const data = {spec: {template: {...owner.spec.template, $patch: 'replace'}}};
  const known = cache.controlled<Revision>(resource, owner);
  const highest = Math.max(0, ...known.map((one) => one.revision));
  const same = known.find((one) => equal(asObject(one.data), data));
  if (same) {
    if (same.revision === highest) return same;
    return machine.update(resource, {...same, revision: highest + 1}, {user}) as Revision;
  }
  const hash = hashOf(data, String(owner.status?.collisionCount ?? ''));
  const object = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: {...owner.spec.template.metadata?.labels, [revisionLabel]: hash},
      ownerReferences: [ownerReference(owner)],
    },
    data,
    revision: highest + 1,
  };
  return machine.create(resource, namespace, object, {user}) as Revision;
}

/** What pods of this revision carry in their label. */
export const revisionHash = (owner: Versioned, revision: Revision): string =>
  owner.kind === 'StatefulSet' ? revision.metadata.name : (revision.metadata.labels?.[revisionLabel] ?? '');

/** Deletes the oldest revisions that no pod runs, down to the limit. */
export function forgetRevisions(
  context: Context,
  owner: Versioned,
  pods: readonly Pod[],
  keep: readonly Revision[],
  user: string,
): void {
  const used = new Set(pods.map((pod) => pod.metadata.labels?.[revisionLabel]));
  const idle = context.cache
    .controlled<Revision>(resource, owner)
    .filter((one) => !keep.includes(one) && !used.has(revisionHash(owner, one)))
    .sort((a, b) => a.revision - b.revision);
  for (const one of idle.slice(0, Math.max(0, idle.length - (owner.spec.revisionHistoryLimit ?? 10)))) {
    try {
      context.machine.delete(resource, one.metadata.namespace ?? '', one.metadata.name, {user});
    } catch (error) {
      if (refusal(error).code !== 404) throw error;
    }
  }
}
