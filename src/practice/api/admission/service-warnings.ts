import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {annotationsOf} from '../../../engine/objects.ts';

const hints = 'service.kubernetes.io/topology-aware-hints';

/** What the server takes of a Service and warns of: fields that do nothing, or not for long. */
export function serviceWarnings(service: JsonObject): readonly string[] {
  const spec = asObject(service.spec);
  const type = asString(spec.type);
  const isHeadless = type === 'ClusterIP' && spec.clusterIP === 'None';
  const hasAddresses = asArray(spec.externalIPs).length > 0;
  const found: readonly (readonly [boolean, string])[] = [
    [
      annotationsOf(service)[hints] !== undefined,
      `annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ],
    [
      isHeadless && asString(spec.loadBalancerIP) !== '',
      'spec.loadBalancerIP is ignored for headless services',
    ],
    [isHeadless && hasAddresses, 'spec.externalIPs is ignored for headless services'],
    [isHeadless && spec.sessionAffinity !== 'None', 'spec.SessionAffinity is ignored for headless services'],
    [
      hasAddresses && !isHeadless && type !== 'ExternalName',
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ],
    [hasAddresses && type === 'ExternalName', 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
    [
      type !== 'ExternalName' && asString(spec.externalName) !== '',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ],
    [
      spec.trafficDistribution === 'PreferClose',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ],
  ];
  return found.filter(([holds]) => holds).map(([, text]) => text);
}
