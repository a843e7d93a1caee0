import {asArray, asObject, asString, type JsonObject} from './json.ts';
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

const defaultCapabilities = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);

const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

const selinuxTypes = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

export const addedCapabilities = (container: PodContainer): readonly string[] =>
  asArray(asObject(container.securityContext.capabilities).add).map((one) => asString(one));

/** The `type` of a profile at a pod or a container; undefined where no profile is set. */
export const profileType = (securityContext: JsonObject, field: string): string | undefined =>
  securityContext[field] === undefined || securityContext[field] === null
    ? undefined
    : asString(asObject(securityContext[field]).type);

export const isSafeProfile = (type: string | undefined): boolean =>
  type === undefined || type === 'RuntimeDefault' || type === 'Localhost';

function appArmorProfile(pod: PodUnderCheck) {
  const type = (context: JsonObject) => profileType(context, 'appArmorProfile');
  const podIsBad = !isSafeProfile(type(pod.securityContext));
  const bad = pod.containers.filter(({securityContext}) => !isSafeProfile(type(securityContext)));
  const annotations = Object.entries(pod.annotations)
    .filter(([key]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/'))
    .filter(([, value]) => !/^$|^runtime\/default$|^localhost\//.test(asString(value)))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const who = [
    ...setters(podIsBad, bad),
    ...(annotations.length > 0 ? [plural('annotation', annotations)] : []),
  ];
  if (who.length === 0) return undefined;
  const contexts = [...(podIsBad ? [pod.securityContext] : []), ...bad.map((one) => one.securityContext)];
  const values = [...distinct(contexts.map((context) => type(context) ?? '')), ...annotations];
  return {
    reason: plural('forbidden AppArmor profile', values),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  };
}

function capabilities(pod: PodUnderCheck) {
  const forbidden = (one: PodContainer) =>
    addedCapabilities(one).filter((name) => !defaultCapabilities.has(name));
  const bad = pod.containers.filter((one) => forbidden(one).length > 0);
  if (bad.length === 0) return undefined;
  const values = quoted(distinct(bad.flatMap(forbidden)));
  return {
    reason: 'non-default capabilities',
    detail: `${named(namesOf(bad))} must not include ${values} in securityContext.capabilities.add`,
  };
}

function hostNamespaces({spec}: PodUnderCheck) {
  const fields = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
  if (fields.length === 0) return undefined;
  return {reason: 'host namespaces', detail: fields.map((field) => `${field}=true`).join(', ')};
}

function hostPathVolumes({spec}: PodUnderCheck) {
  const volumes = asArray(spec.volumes).map(asObject);
  const names = volumes.filter(({hostPath}) => hostPath != null).map(({name}) => asString(name));
  if (names.length === 0) return undefined;
  return {reason: 'hostPath volumes', detail: `${plural('volume', names)} ${quoted(names)}`};
}

function hostPorts(pod: PodUnderCheck) {
  const portsOf = ({spec}: PodContainer) =>
    asArray(spec.ports)
      .map((port) => asObject(port).hostPort)
      .filter((port) => typeof port === 'number' && port !== 0)
      .map(String);
  const bad = pod.containers.filter((one) => portsOf(one).length > 0);
  if (bad.length === 0) return undefined;
  const ports = distinct(bad.flatMap(portsOf));
  const verb = bad.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${named(namesOf(bad))} ${verb} ${plural('hostPort', ports)} ${ports.join(', ')}`,
  };
}

const handlerHosts = (handler: JsonObject): readonly string[] =>
  [handler.httpGet, handler.tcpSocket]
    .map((one) => asString(asObject(one).host))
    .filter((host) => host !== '');

function hostProbes(pod: PodUnderCheck) {
  const hostsOf = ({spec}: PodContainer) => {
    const lifecycle = asObject(spec.lifecycle);
    const handlers = [spec.livenessProbe, spec.readinessProbe, spec.startupProbe];
    return [...handlers, lifecycle.postStart, lifecycle.preStop].flatMap((one) =>
      handlerHosts(asObject(one)),
    );
  };
  const bad = pod.containers.filter((one) => hostsOf(one).length > 0);
  if (bad.length === 0) return undefined;
  const hosts = distinct(bad.flatMap(hostsOf));
  const names = distinct(namesOf(bad));
  const verb = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'probe or lifecycle host',
    detail: `${named(names)} ${verb} ${plural('probe or lifecycle host', hosts)} ${quoted(hosts)}`,
  };
}

function privileged(pod: PodUnderCheck) {
  const bad = pod.containers.filter(({securityContext}) => securityContext.privileged === true);
  if (bad.length === 0) return undefined;
  return {
    reason: 'privileged',
    detail: `${named(namesOf(bad))} must not set securityContext.privileged=true`,
  };
}

/** Refuses an unmasked /proc; in a user namespace only the restricted level does. */
export function procMount(pod: PodUnderCheck) {
  const of = ({securityContext}: PodContainer) => asString(securityContext.procMount) || 'Default';
  const bad = pod.containers.filter((one) => of(one) !== 'Default');
  if (bad.length === 0) return undefined;
  return {
    reason: 'procMount',
    detail: `${named(namesOf(bad))} must not set securityContext.procMount to ${quoted(distinct(bad.map(of)))}`,
  };
}

function seLinuxOptions(pod: PodUnderCheck) {
  const of = (context: JsonObject) => {
    const options = asObject(context.seLinuxOptions);
    const type = asString(options.type);
    return {badType: selinuxTypes.has(type) ? [] : [type], user: !!options.user, role: !!options.role};
  };
  const isBad = (context: JsonObject) => {
    const {badType, user, role} = of(context);
    return badType.length > 0 || user || role;
  };
  const bad = pod.containers.filter(({securityContext}) => isBad(securityContext));
  const who = setters(isBad(pod.securityContext), bad);
  if (who.length === 0) return undefined;
  const all = [pod.securityContext, ...bad.map((one) => one.securityContext)].map(of);
  const types = distinct(all.flatMap(({badType}) => badType));
  const what = [
    ...(types.length > 0 ? [`${plural('type', types)} ${quoted(types)}`] : []),
    ...(all.some(({user}) => user) ? ['user may not be set'] : []),
    ...(all.some(({role}) => role) ? ['role may not be set'] : []),
  ];
  return {
    reason: 'seLinuxOptions',
    detail: `${who.join(' and ')} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
  };
}

/** Refuses a seccomp profile that was chosen and is none of the safe ones. */
export function seccompProfile(pod: PodUnderCheck) {
  const type = (context: JsonObject) => profileType(context, 'seccompProfile');
  const podIsBad = !isSafeProfile(type(pod.securityContext));
  const bad = pod.containers.filter(({securityContext}) => !isSafeProfile(type(securityContext)));
  const who = setters(podIsBad, bad);
  if (who.length === 0) return undefined;
  const contexts = [...(podIsBad ? [pod.securityContext] : []), ...bad.map((one) => one.securityContext)];
  const values = quoted(distinct(contexts.map((context) => type(context) ?? '')));
  return {
    reason: 'seccompProfile',
    detail: `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${values}`,
  };
}

function sysctls({securityContext}: PodUnderCheck) {
  const names = asArray(securityContext.sysctls).map((one) => asString(asObject(one).name));
  const bad = names.filter((name) => !safeSysctls.has(name));
  return bad.length === 0 ? undefined : {reason: 'forbidden sysctls', detail: bad.join(', ')};
}

function windowsHostProcess(pod: PodUnderCheck) {
  const isHost = (context: JsonObject) => asObject(context.windowsOptions).hostProcess === true;
  const who = setters(
    isHost(pod.securityContext),
    pod.containers.filter(({securityContext}) => isHost(securityContext)),
  );
  if (who.length === 0) return undefined;
  return {
    reason: 'hostProcess',
    detail: `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
  };
}

/** By the API server's ids, which give the order of its report. */
export const baselineChecks: Readonly<Record<string, PodCheck>> = {
  appArmorProfile,
  capabilities_baseline: capabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle: hostProbes,
  privileged,
  procMount: (pod) => (pod.userNamespace ? undefined : procMount(pod)),
  seLinuxOptions,
  seccompProfile_baseline: seccompProfile,
  sysctls,
  windowsHostProcess,
};
