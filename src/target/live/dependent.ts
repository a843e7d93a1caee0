import type {Step} from '../../engine/change.ts';
import {asObject, asString, type JsonObject} from '../../engine/json.ts';
import {type Ref, refId, refOfObject} from '../../engine/objects.ts';

/** What decides about new pods of a namespace, so that a dry run before it is there answers the wrong question. */
const admits = new Set(['LimitRange', 'ResourceQuota', 'ServiceAccount']);

const refOfStep = (step: Step): Ref | undefined =>
  step.do === 'file' ? undefined : step.do === 'create' ? refOfObject(step.object.base) : step.object;

/**
 * Whether an earlier step of the same change decides what the server says to this object, so that it can't be asked yet:
 * its namespace is new, it is new itself, it is a pod under a new LimitRange, a binding to a new role.
 */
export function dependsOn(earlier: readonly Step[], object: JsonObject, step: Step): boolean {
  const ref = refOfObject(object);
  const roleRef = asObject(object.roleRef);
  return earlier.some((before) => {
    const other = refOfStep(before);
    if (other === undefined) return false;
    if (refId(other) === refId(ref)) return true;
    if (other.kind === 'Namespace' && other.name === ref.namespace) {
      return before.do === 'create' || (ref.kind === 'Pod' && step.do !== 'delete');
    }
    if (other.kind === asString(roleRef.kind) && other.name === asString(roleRef.name))
      return before.do === 'create';
    return (
      ref.kind === 'Pod' &&
      step.do !== 'delete' &&
      other.namespace === ref.namespace &&
      admits.has(other.kind)
    );
  });
}
