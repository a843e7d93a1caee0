import type {Edit} from '../engine/change.ts';
import {asArray, asObject, asString, equal, type Json, type JsonObject} from '../engine/json.ts';
import {describe, type Ref} from '../engine/objects.ts';
import {getAt} from '../engine/path.ts';
import {podSpecPath} from '../engine/pod-spec.ts';
import type {PreviewItem} from '../target/target.ts';
import {namesObject} from './references.ts';
import {isRestart, reaches} from './restart.ts';

/**
 * The first earlier step without which this one must not be written: what it refers to, or what makes it harmless. A
 * quota refuses every pod without limits, so it needs the LimitRange that gives them; a subject leaves its old binding
 * only for a new one. A restart needs one of the steps that it is for. Undefined where it may be written.
 */
export function missingNeed(
  items: readonly PreviewItem[],
  index: number,
  isRefused: (index: number) => boolean,
): Ref | undefined {
  const item = items[index];
  if (item === undefined) return undefined;
  const earlier = items.slice(0, index);
  if (isRestart(item.step)) {
    const reasons = [...earlier.entries()].filter(([, one]) => isReasonFor(one, item));
    return reasons.every(([at]) => isRefused(at)) ? reasons[0]?.[1].ref : undefined;
  }
  return earlier.find((one, at) => isRefused(at) && needs(item, one))?.ref;
}

/** Why a step is left out. */
export const needsSentence = (missing: Ref): string =>
  `It needs ${describe(missing)}, which is refused: nothing was written.`;

const isReasonFor = ({ref}: PreviewItem, {ref: workload, before}: PreviewItem): boolean =>
  before !== undefined && reaches(ref, workload, serviceAccountOf(workload, before));

/** Whether a step must not be written unless an earlier one of the same change is. */
export function needs(later: PreviewItem, earlier: PreviewItem): boolean {
  const {ref, step} = later;
  const other = earlier.ref;
  const isSameSpace = ref.namespace === other.namespace;
  if (other.kind === 'LimitRange') return ref.kind === 'ResourceQuota' && isSameSpace;
  if (keepsToken(earlier, later)) return true;
  // A flag that names a file which is not there keeps a program from starting.
  if (earlier.step.do === 'file')
    return step.do === 'file' && step.node === earlier.step.node && earlier.before === undefined;
  if (earlier.step.do !== 'create' || step.do === 'file') return false;
  switch (other.kind) {
    case 'Namespace':
      return ref.namespace === other.name;
    case 'Secret':
    case 'ConfigMap':
      return isSameSpace && writtenBy(later).some((value) => namesObject(value, other));
    case 'ServiceAccount':
      return isSameSpace && serviceAccountSetBy(later) === other.name;
    case 'Role':
    case 'ClusterRole': {
      const role = asObject(later.after?.roleRef);
      return role.kind === other.kind && role.name === other.name;
    }
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return isBinding(ref) && leaves(later, earlier);
    case 'ValidatingAdmissionPolicy':
      return asObject(later.after?.spec).policyName === other.name;
    default:
      return false;
  }
}

const isBinding = ({kind}: Ref): boolean => kind === 'RoleBinding' || kind === 'ClusterRoleBinding';

/** Whether a binding loses a subject that the other one is made for. */
function leaves({before, after}: PreviewItem, {after: made}: PreviewItem): boolean {
  const subjects = (object: JsonObject | undefined) => asArray(object?.subjects);
  const holds = (object: JsonObject | undefined, wanted: Json) =>
    subjects(object).some((one) => equal(one, wanted));
  return subjects(made).some((subject) => holds(before, subject) && !holds(after, subject));
}

/** Whether pods get a token of their own first, before their account gives out none any more. */
function keepsToken({ref, step, after}: PreviewItem, {ref: account, after: then}: PreviewItem): boolean {
  return (
    account.kind === 'ServiceAccount' &&
    account.namespace === ref.namespace &&
    then?.automountServiceAccountToken === false &&
    step.do === 'edit' &&
    after !== undefined &&
    step.edits.some(
      ({path}) => path.at(-1) === 'automountServiceAccountToken' && getAt(after, path) === true,
    ) &&
    serviceAccountOf(ref, after) === account.name
  );
}

function serviceAccountOf({kind}: Ref, object: JsonObject): string {
  const spec = asObject(getAt(object, podSpecPath(kind)));
  return asString(spec.serviceAccountName) || asString(spec.serviceAccount) || 'default';
}

/** What a step sets: a new object whole, else the values of its edits. */
function writtenBy({step, after}: PreviewItem): readonly Json[] {
  if (step.do === 'create') return after === undefined ? [] : [after];
  return 'edits' in step ? step.edits.flatMap(valuesOf) : [];
}

const valuesOf = (edit: Edit): readonly Json[] => {
  if (edit.op === 'remove' || !('json' in edit.value)) return [];
  const field = edit.path.findLast((segment) => typeof segment === 'string');
  return [field === undefined ? edit.value.json : {[field]: edit.value.json}];
};

function serviceAccountSetBy({step, ref, after}: PreviewItem): string | undefined {
  if (after === undefined) return undefined;
  const isSet =
    step.do === 'create' ||
    ('edits' in step && step.edits.some(({path}) => path.at(-1) === 'serviceAccountName'));
  return isSet ? serviceAccountOf(ref, after) : undefined;
}
