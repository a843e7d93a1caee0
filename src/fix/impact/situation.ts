import type {View} from '../../engine/control.ts';
import {derive} from '../../engine/derive.ts';
import type {JsonObject} from '../../engine/json.ts';
import {objectId, type Ref, type Resource, refId, resourceOf} from '../../engine/objects.ts';
import {isWorkload} from '../../engine/pod-spec.ts';
import type {PreviewItem, TargetKind} from '../../target/target.ts';
import type {Remark} from '../plan.ts';

/** A remark, and the step of the change that is its cause. */
export type Consequence = Remark & {readonly cause?: Ref};

/** A change as impact looks at it: the cluster now, the cluster then, and what differs. */
export type Situation = {
  readonly kind: TargetKind;
  readonly now: View;
  readonly then: View;
  /** Steps that would be done. */
  readonly items: readonly PreviewItem[];
  /** Workloads that the change edits or makes. */
  readonly workloads: readonly Changed[];
};

export type Changed = {readonly ref: Ref; readonly before: Resource | undefined; readonly after: Resource};

/** What one kind of change could break; nothing where it is not concerned. */
export type Topic = (situation: Situation) => readonly Consequence[];

export function situationOf(now: View, all: readonly PreviewItem[], kind: TargetKind): Situation {
  const items = all.filter((item) => item.rejection === undefined && item.step.do !== 'file');
  const then = new Later(now, items);
  const workloads = items.flatMap(({ref, before, after}): Changed[] => {
    if (!isWorkload(ref.kind) || after === undefined) return [];
    return [{ref, before: before && resourceOf(before), after: resourceOf(after)}];
  });
  return {kind, now, then, items, workloads};
}

/** The cluster with the change done: what it sets over what is there, status kept. */
class Later implements View {
  readonly #now: View;
  readonly #set = new Map<string, Resource>();
  readonly #byId = new Map<string, Resource>();
  readonly #gone = new Set<string>();
  readonly #lists = new Map<string, readonly Resource[]>();

  constructor(now: View, items: readonly PreviewItem[]) {
    this.#now = now;
    for (const {ref, after} of items) {
      const old = now.get(ref.kind, ref.namespace, ref.name);
      if (old) for (const one of [old, ...derive(old)]) this.#gone.add(one.key);
      if (after === undefined) {
        this.#gone.add(refId(ref));
        continue;
      }
      const made = resourceOf(withStatus(after, old), old?.source, old?.key);
      for (const one of [made, ...derive(made)]) {
        this.#set.set(one.key, one);
        this.#byId.set(one.id, one);
      }
    }
  }

  get(kind: string, namespace: string, name: string): Resource | undefined {
    const made = this.#byId.get(objectId(kind, namespace, name));
    if (made) return made;
    const old = this.#now.get(kind, namespace, name);
    return old && this.#gone.has(old.key) ? undefined : old;
  }

  list(kind: string, namespace?: string): readonly Resource[] {
    const listKey = namespace === undefined ? kind : `${kind}/${namespace}`;
    const known = this.#lists.get(listKey);
    if (known) return known;
    const added = [...this.#set.values()].filter(
      (one) => one.kind === kind && (namespace === undefined || one.namespace === namespace),
    );
    const kept = this.#now
      .list(kind, namespace)
      .filter(({key}) => !this.#gone.has(key) && !this.#set.has(key));
    const list = [...kept, ...added];
    this.#lists.set(listKey, list);
    return list;
  }

  gap(kind: string): string | undefined {
    return this.#now.gap(kind);
  }
}

function withStatus(after: JsonObject, old: Resource | undefined): JsonObject {
  const status = old?.object.status;
  return status === undefined ? after : {...after, status};
}

/** `a, b and 3 more`. */
export function listOf(names: readonly string[], most = 3): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `1 pod`, `5 pods`. */
export const countOf = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
