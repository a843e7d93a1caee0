import {asArray, asObject, asString, equal, type Json, type JsonObject} from '../../../engine/json.ts';
import {annotationsOf} from '../../../engine/objects.ts';
import {ApiError} from '../api-error.ts';
import {children, copy, type Draft, type DraftValue, ensure} from '../draft.ts';
import type {ApiServer} from '../server.ts';
import {qosClass} from '../strategy.ts';

/** Whether whoever has the first puts up with all that the second does. */
function covers(wide: JsonObject, narrow: JsonObject): boolean {
  if (equal(wide, narrow)) return true;
  const of = (one: JsonObject, key: string): string => asString(one[key]);
  const operator = of(wide, 'operator');
  if (of(wide, 'key') !== of(narrow, 'key') && (of(wide, 'key') || operator !== 'Exists')) return false;
  if (of(wide, 'effect') && of(wide, 'effect') !== of(narrow, 'effect')) return false;
  const [most, wanted] = [wide.tolerationSeconds, narrow.tolerationSeconds];
  if (of(wide, 'effect') === 'NoExecute' && typeof most === 'number')
    if (typeof wanted !== 'number' || wanted > most) return false;
  if (operator === 'Exists') return true;
  if (operator !== 'Equal' && operator !== '') return false;
  return of(narrow, 'operator') === 'Equal' && of(wide, 'value') === of(narrow, 'value');
}

/** Both lists, without what another one covers. */
export function mergeTolerations(first: readonly Draft[], second: readonly Draft[]): Draft[] {
  const all = [...first, ...second];
  const merged: Draft[] = [];
  for (const [index, one] of all.entries()) {
    const isCovered =
      merged.some((other) => covers(other, one)) ||
      all.slice(index + 1).some((other) => !equal(one, other) && covers(other, one));
    if (!isCovered) merged.push(one);
  }
  return merged;
}

function setTolerations(pod: Draft, tolerations: readonly Draft[]): void {
  if (tolerations.length > 0) ensure(pod, 'spec').tolerations = [...tolerations] as DraftValue[];
}

const isExtended = (name: string): boolean =>
  name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');

/** The plugin ExtendedResourceToleration: who asks for a special resource may use the nodes kept for it. */
export function tolerateExtended(pod: Draft): void {
  const spec = ensure(pod, 'spec');
  const names = [...children(spec, 'containers'), ...children(spec, 'initContainers')].flatMap((container) =>
    Object.keys(asObject(asObject(container.resources).requests)).filter(isExtended),
  );
  const has = (key: string): boolean =>
    children(spec, 'tolerations').some(
      (one) => one.key === key && one.effect === 'NoSchedule' && one.operator === 'Exists' && !one.value,
    );
  for (const key of [...new Set(names)].sort())
    if (!has(key))
      setTolerations(pod, [
        ...children(spec, 'tolerations'),
        {key, operator: 'Exists', effect: 'NoSchedule'},
      ]);
}

const prefix = 'scheduler.alpha.kubernetes.io';

/** Tolerations in an annotation of the pod's namespace; undefined where there is none. @throws {ApiError} 500 */
function annotated(server: ApiServer, namespace: string, key: string): readonly Draft[] | undefined {
  const text = annotationsOf(server.get('namespaces', '', namespace) ?? {})[`${prefix}/${key}`];
  if (typeof text !== 'string') return undefined;
  if (text === '') return [];
  try {
    return asArray(JSON.parse(text) as Json).map((one) => copy(asObject(one)));
  } catch (error) {
    throw new ApiError(500, '', `json: ${(error as Error).message}`);
  }
}

/** The plugin PodTolerationRestriction: a namespace's own tolerations, and those that it allows. @throws {ApiError} 500 */
export function restrictTolerations(server: ApiServer, pod: Draft, isNew: boolean): void {
  const namespace = asString(asObject(pod.metadata).namespace);
  const more = isNew ? [...(annotated(server, namespace, 'defaultTolerations') ?? [])] : [];
  if (qosClass(pod) !== 'BestEffort')
    more.push({key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule'});
  const own = children(ensure(pod, 'spec'), 'tolerations');
  if (more.length > 0) setTolerations(pod, mergeTolerations(own, more));
  checkTolerations(server, pod);
}

/** @throws {ApiError} 500, as the real plugin fails. */
function checkTolerations(server: ApiServer, pod: Draft): void {
  const given = children(ensure(pod, 'spec'), 'tolerations');
  const allowed = annotated(server, asString(asObject(pod.metadata).namespace), 'tolerationsWhitelist') ?? [];
  if (allowed.length === 0 || given.every((one) => allowed.some((wide) => covers(wide, one)))) return;
  throw new ApiError(
    500,
    '',
    'pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist',
  );
}
