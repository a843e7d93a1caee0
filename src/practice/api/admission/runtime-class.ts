import {asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import {children, copy, type Draft, ensure, text} from '../draft.ts';
import type {Stored} from '../machine.ts';
import {nanoOf} from '../quantity.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';
import {mergeTolerations} from './tolerations.ts';

type Refuse = (why: string) => never;

const refuser =
  (info: ResourceInfo, pod: Draft): Refuse =>
  (why) => {
    throw forbidden(info, text(ensure(pod, 'metadata'), 'name'), why);
  };

/** The class that a pod names. @throws {ApiError} 403 where there is none of the name. */
function classOf(server: ApiServer, pod: Draft, refuse: Refuse): Stored | undefined {
  const name = ensure(pod, 'spec').runtimeClassName;
  if (typeof name !== 'string') return undefined;
  const found = server.get('runtimeclasses.node.k8s.io', '', name);
  return found ?? refuse(`pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
}

/** What a pod of the class costs besides its containers. */
const overheadOf = (runtimeClass: Stored | undefined): JsonObject | undefined =>
  isObject(runtimeClass?.overhead) ? asObject(runtimeClass.overhead.podFixed) : undefined;

const isSame = (a: JsonObject, b: JsonObject): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => key in b && nanoOf(value) === nanoOf(b[key]));

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** The plugin RuntimeClass: a pod gets the overhead of its class, and goes where the class runs. @throws {ApiError} 403 */
export function admitRuntimeClass(server: ApiServer, info: ResourceInfo, pod: Draft): void {
  const refuse = refuser(info, pod);
  const found = classOf(server, pod, refuse);
  const spec = ensure(pod, 'spec');
  const overhead = overheadOf(found);
  if (overhead) {
    const own = asObject(spec.overhead);
    if (Object.keys(own).length > 0 && !isSame(own, overhead)) refuse(mismatch);
    if (Object.keys(overhead).length > 0) spec.overhead = copy(overhead);
  }
  if (!isObject(found?.scheduling)) return;
  const {nodeSelector, tolerations} = copy(found.scheduling);
  for (const [key, value] of Object.entries(asObject(nodeSelector))) {
    const own = asObject(spec.nodeSelector)[key];
    if (own !== undefined && own !== value)
      refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${asString(value)}; pod.spec.nodeSelector[${key}] = ${asString(own)}`,
      );
    ensure(spec, 'nodeSelector')[key] = asString(value);
  }
  const merged = mergeTolerations(children(spec, 'tolerations'), children({list: tolerations ?? []}, 'list'));
  if (merged.length > 0) spec.tolerations = merged;
}

/** @throws {ApiError} 403 for an overhead that is none of the class. */
export function checkRuntimeClass(server: ApiServer, info: ResourceInfo, pod: Draft): void {
  const refuse = refuser(info, pod);
  const overhead = overheadOf(classOf(server, pod, refuse));
  const {overhead: own} = ensure(pod, 'spec');
  if (overhead && !isSame(asObject(own), overhead)) refuse(mismatch);
  if (!overhead && isObject(own))
    refuse('pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
}
