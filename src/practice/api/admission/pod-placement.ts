import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {annotationsOf, labelsOf} from '../../../engine/objects.ts';
import {ApiError, forbidden} from '../api-error.ts';
import {type Draft, ensure, text} from '../draft.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

const annotation = 'scheduler.alpha.kubernetes.io/node-selector';

/** Labels that a namespace wants of the nodes for its pods. @throws {ApiError} 500 for what is no list of them. */
function selectorOf(server: ApiServer, namespace: string): Readonly<Record<string, string>> {
  const given = asString(annotationsOf(server.get('namespaces', '', namespace) ?? {})[annotation]);
  if (!given) return {};
  return Object.fromEntries(
    given.split(',').map((pair) => {
      const parts = pair.split('=');
      if (parts.length !== 2) throw new ApiError(500, '', `invalid selector: [${parts.join(' ')}]`);
      return parts.map((part) => part.trim());
    }),
  );
}

/** The plugin PodNodeSelector: pods go to the nodes of their namespace. @throws {ApiError} 403, 500 */
export function selectNodes(server: ApiServer, info: ResourceInfo, pod: Draft): void {
  const wanted = Object.entries(selectorOf(server, text(ensure(pod, 'metadata'), 'namespace')));
  const spec = ensure(pod, 'spec');
  const own = asObject(spec.nodeSelector);
  if (wanted.some(([key, value]) => own[key] !== undefined && own[key] !== value))
    throw forbidden(
      info,
      text(ensure(pod, 'metadata'), 'name'),
      'pod node label selector conflicts with its namespace node label selector',
    );
  for (const [key, value] of wanted) ensure(spec, 'nodeSelector')[key] = value;
}

const hostname = 'kubernetes.io/hostname';

/** The plugin LimitPodHardAntiAffinityTopology: nobody keeps others off a whole zone. @throws {ApiError} 403 */
export function checkAntiAffinity(info: ResourceInfo, pod: JsonObject): void {
  const {podAntiAffinity} = asObject(asObject(pod.spec).affinity);
  for (const term of asArray(asObject(podAntiAffinity).requiredDuringSchedulingIgnoredDuringExecution)) {
    const key = asString(asObject(term).topologyKey);
    if (key !== hostname)
      throw forbidden(
        info,
        asString(asObject(pod.metadata).name),
        `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${key} but only key ${hostname} is allowed`,
      );
  }
}

const topologyKeys = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** The plugin PodTopologyLabels: a pod knows the zone and region of its node. */
export function labelTopology(server: ApiServer, pod: Draft): void {
  const node = server.get('nodes', '', text(ensure(pod, 'spec'), 'nodeName'));
  if (!node) return;
  const found = labelsOf(node);
  for (const key of topologyKeys) {
    const value = found[key];
    if (value !== undefined) ensure(ensure(pod, 'metadata'), 'labels')[key] = asString(value);
  }
}
