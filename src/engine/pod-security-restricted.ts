import {asArray, asObject, asString} from './json.ts';
import {addedCapabilities, procMount, profileType, seccompProfile} from './pod-security-baseline.ts';
import {
  distinct,
  named,
  namesOf,
  type PodCheck,
  type PodContainer,
  type PodUnderCheck,
  plural,
  quoted,
  setters,
} from './pod-security-check.ts';

const allowedVolumes = new Set([
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim'],
  ...['projected', 'secret'],
]);

function allowPrivilegeEscalation(pod: PodUnderCheck) {
  const bad = pod.containers.filter(
    ({securityContext}) => securityContext.allowPrivilegeEscalation !== false,
  );
  if (pod.windows || bad.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${named(namesOf(bad))} must set securityContext.allowPrivilegeEscalation=false`,
  };
}

function capabilities(pod: PodUnderCheck) {
  if (pod.windows) return undefined;
  const dropsAll = ({securityContext}: PodContainer) =>
    asArray(asObject(securityContext.capabilities).drop).includes('ALL');
  const forbidden = (one: PodContainer) =>
    addedCapabilities(one).filter((name) => name !== 'NET_BIND_SERVICE');
  const keeping = pod.containers.filter((one) => !dropsAll(one));
  const adding = pod.containers.filter((one) => forbidden(one).length > 0);
  const values = quoted(distinct(adding.flatMap(forbidden)));
  const details = [
    ...(keeping.length > 0
      ? [`${named(namesOf(keeping))} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(adding.length > 0
      ? [`${named(namesOf(adding))} must not include ${values} in securityContext.capabilities.add`]
      : []),
  ];
  return details.length === 0 ? undefined : {reason: 'unrestricted capabilities', detail: details.join('; ')};
}

function restrictedVolumes({spec}: PodUnderCheck) {
  const typeOf = (volume: Readonly<Record<string, unknown>>) =>
    Object.keys(volume).find((key) => key !== 'name' && volume[key] != null) ?? 'unknown';
  const bad = asArray(spec.volumes)
    .map(asObject)
    .filter((volume) => !allowedVolumes.has(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const names = bad.map(({name}) => asString(name));
  const types = distinct(bad.map(typeOf));
  const verb = bad.length === 1 ? 'uses' : 'use';
  return {
    reason: 'restricted volume types',
    detail: `${plural('volume', names)} ${quoted(names)} ${verb} ${plural('restricted volume type', types)} ${quoted(types)}`,
  };
}

function runAsNonRoot(pod: PodUnderCheck) {
  if (pod.userNamespace) return undefined;
  const onPod = pod.securityContext.runAsNonRoot;
  const of = ({securityContext}: PodContainer) => securityContext.runAsNonRoot ?? undefined;
  const who = setters(
    onPod === false,
    pod.containers.filter((one) => of(one) === false),
  );
  const reason = 'runAsNonRoot != true';
  if (who.length > 0) {
    return {reason, detail: `${who.join(' and ')} must not set securityContext.runAsNonRoot=false`};
  }
  const open = onPod === true ? [] : pod.containers.filter((one) => of(one) === undefined);
  if (open.length === 0) return undefined;
  return {reason, detail: `pod or ${named(namesOf(open))} must set securityContext.runAsNonRoot=true`};
}

function runAsUser(pod: PodUnderCheck) {
  if (pod.userNamespace) return undefined;
  const who = setters(
    pod.securityContext.runAsUser === 0,
    pod.containers.filter(({securityContext}) => securityContext.runAsUser === 0),
  );
  if (who.length === 0) return undefined;
  return {reason: 'runAsUser=0', detail: `${who.join(' and ')} must not set runAsUser=0`};
}

function seccompRequired(pod: PodUnderCheck) {
  if (pod.windows) return undefined;
  const refused = seccompProfile(pod);
  if (refused || profileType(pod.securityContext, 'seccompProfile') !== undefined) return refused;
  const open = pod.containers.filter(
    ({securityContext}) => profileType(securityContext, 'seccompProfile') === undefined,
  );
  if (open.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `pod or ${named(namesOf(open))} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}

export const restrictedChecks: Readonly<Record<string, PodCheck>> = {
  allowPrivilegeEscalation,
  capabilities_restricted: capabilities,
  procMount_restricted: procMount,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfile_restricted: seccompRequired,
};

/** Checks of the baseline level that a stricter one of this level takes the place of. */
export const overridden = [
  'capabilities_baseline',
  'hostPathVolumes',
  'procMount',
  'seccompProfile_baseline',
] as const;
