import type {Edit} from '../engine/change.ts';
import {applyEdits} from '../engine/edits.ts';
import type {JsonObject} from '../engine/json.ts';
import {formatPath} from '../engine/path.ts';
import type {PlanItem} from './plan.ts';

/** What goes into the source of an owned object: a strategic merge patch, as kustomize takes it; and what it can't say. */
export type SourcePatch = {readonly patch: JsonObject; readonly left: readonly string[]};

/**
 * The touched fields of a previewed object as a patch for its source: nothing of the live object but its name is in it.
 * Undefined for a step that no patch can express (delete, file); a created object is the object itself.
 */
export function sourcePatch({step, after}: PlanItem): SourcePatch | undefined {
  if (step.do === 'create') return after && {patch: after, left: []};
  if (step.do !== 'edit' && step.do !== 'recreate') return undefined;
  const {apiVersion, kind, namespace, name} = step.object;
  const skeleton: JsonObject = {apiVersion, kind, metadata: namespace ? {name, namespace} : {name}};
  const usable = step.edits.filter(isExpressible);
  return {
    patch: applyEdits(skeleton, usable.map(asMerge)),
    left: step.edits
      .filter((edit) => !isExpressible(edit))
      .map(({path}) => `${formatPath(path)} must be changed by hand.`),
  };
}

/** A place in a list that only its number names is another one in the source; a value of another object is not there. */
const isExpressible = (edit: Edit): boolean =>
  edit.path.every((segment) => typeof segment !== 'number') && (edit.op === 'remove' || 'json' in edit.value);

/** A merge takes a field away by null, and an element of a list by a directive. */
function asMerge(edit: Edit): Edit {
  if (edit.op === 'set') return edit;
  const last = edit.path.at(-1);
  const json = typeof last === 'object' ? {[last.key]: last.value, $patch: 'delete'} : null;
  return {op: 'set', path: edit.path, value: {json}};
}
