import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';
export type Violation = {readonly reason: string; readonly detail: string};

type Container = {readonly name: string; readonly json: JsonObject; readonly security: JsonObject};
type Subject = {
  readonly spec: JsonObject;
  readonly pod: JsonObject;
  readonly containers: readonly Container[];
  readonly windows: boolean;
  /** Pods in their own user namespace may be root there. */
  readonly ownUsers: boolean;
};
type Check = (subject: Subject) => Violation | undefined;

const quote = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');
const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);
const named = (containers: readonly Container[]): string =>
  `${plural('container', containers.length)} ${quote(containers.map(({name}) => name))}`;
const unique = (items: readonly string[]): string[] => [...new Set(items)].sort();
const strings = (value: Json | undefined): readonly string[] => asArray(value).map(asString);
const one = (reason: string, detail: string): Violation => ({reason, detail});

/** `pod and containers "a", "b"`: who set something that may not be set. */
const setters = (pod: boolean, bad: readonly Container[]): string =>
  [...(pod ? ['pod'] : []), ...(bad.length > 0 ? [named(bad)] : [])].join(' and ');

const defaultCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  ...[
    'ip_local_port_range',
    'ip_unprivileged_port_start',
    'tcp_syncookies',
    'ping_group_range',
    'ip_local_reserved_ports',
    'tcp_keepalive_time',
    'tcp_fin_timeout',
    'tcp_keepalive_intvl',
    'tcp_keepalive_probes',
    'tcp_rmem',
    'tcp_wmem',
  ].map((name) => `net.ipv4.${name}`),
]);
const selinuxTypes = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);
const freeVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const capabilities = ({security}: Container, key: string): readonly string[] =>
  strings(asObject(security.capabilities)[key]);

const appArmor: Check = ({pod, containers}) => {
  const bad = (security: JsonObject): string | undefined => {
    const type = asString(asObject(security.appArmorProfile).type);
    return type && type !== 'RuntimeDefault' && type !== 'Localhost' ? type : undefined;
  };
  const wrong = containers.filter(({security}) => bad(security));
  const types = unique(
    [bad(pod), ...wrong.map(({security}) => bad(security))].filter((type) => type !== undefined),
  );
  return types.length > 0
    ? one(
        plural('forbidden AppArmor profile', types.length),
        `${setters(bad(pod) !== undefined, wrong)} must not set AppArmor profile type to ${quote(types)}`,
      )
    : undefined;
};

const baselineCapabilities: Check = ({containers}) => {
  const extra = (container: Container) =>
    capabilities(container, 'add').filter((name) => !defaultCapabilities.has(name));
  const wrong = containers.filter((container) => extra(container).length > 0);
  return wrong.length > 0
    ? one(
        'non-default capabilities',
        `${named(wrong)} must not include ${quote(unique(wrong.flatMap(extra)))} in securityContext.capabilities.add`,
      )
    : undefined;
};

const hostNamespaces: Check = ({spec}) => {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => spec[key] === true);
  return shared.length > 0
    ? one('host namespaces', shared.map((key) => `${key}=true`).join(', '))
    : undefined;
};

const hostPaths: Check = ({spec}) => {
  const names = asArray(spec.volumes)
    .map(asObject)
    .filter(({hostPath}) => isObject(hostPath))
    .map(({name}) => asString(name));
  return names.length > 0
    ? one('hostPath volumes', `${plural('volume', names.length)} ${quote(names)}`)
    : undefined;
};

const hostPorts: Check = ({containers}) => {
  const ports = ({json}: Container): string[] =>
    asArray(json.ports)
      .map((port) => asObject(port).hostPort)
      .filter((port) => typeof port === 'number' && port !== 0)
      .map(String);
  const wrong = containers.filter((container) => ports(container).length > 0);
  const all = unique(wrong.flatMap(ports));
  return wrong.length > 0
    ? one(
        'hostPort',
        `${named(wrong)} ${wrong.length === 1 ? 'uses' : 'use'} ${plural('hostPort', all.length)} ${all.join(', ')}`,
      )
    : undefined;
};

function probeHosts({json}: Container): string[] {
  const lifecycle = asObject(json.lifecycle);
  const handlers = [
    json.livenessProbe,
    json.readinessProbe,
    json.startupProbe,
    lifecycle.postStart,
    lifecycle.preStop,
  ];
  return handlers
    .map(asObject)
    .flatMap(({httpGet, tcpSocket}) => [asString(asObject(httpGet).host), asString(asObject(tcpSocket).host)])
    .filter((host) => host !== '');
}

const probes: Check = ({containers}) => {
  const wrong = containers.filter((container) => probeHosts(container).length > 0);
  const hosts = unique(wrong.flatMap(probeHosts));
  return wrong.length > 0
    ? one(
        'probe or lifecycle host',
        `${named(wrong)} ${wrong.length === 1 ? 'uses' : 'use'} ${plural('probe or lifecycle host', hosts.length)} ${quote(hosts)}`,
      )
    : undefined;
};

const privileged: Check = ({containers}) => {
  const wrong = containers.filter(({security}) => security.privileged === true);
  return wrong.length > 0
    ? one('privileged', `${named(wrong)} must not set securityContext.privileged=true`)
    : undefined;
};

const procMount: Check = ({containers, ownUsers}) => {
  const type = ({security}: Container): string => asString(security.procMount) || 'Default';
  const wrong = containers.filter((container) => type(container) !== 'Default');
  return wrong.length > 0 && !ownUsers
    ? one(
        'procMount',
        `${named(wrong)} must not set securityContext.procMount to ${quote(unique(wrong.map(type)))}`,
      )
    : undefined;
};

const selinux: Check = ({pod, containers}) => {
  const options = (security: JsonObject): JsonObject => asObject(security.seLinuxOptions);
  const bad = (security: JsonObject): boolean => {
    const {type, user, role} = options(security);
    return !selinuxTypes.has(asString(type)) || asString(user) !== '' || asString(role) !== '';
  };
  const wrong = containers.filter(({security}) => bad(security));
  const all = [...(bad(pod) ? [pod] : []), ...wrong.map(({security}) => security)].map(options);
  if (all.length === 0) return undefined;
  const types = unique(all.map(({type}) => asString(type)).filter((type) => !selinuxTypes.has(type)));
  const details = [
    ...(types.length > 0 ? [`${plural('type', types.length)} ${quote(types)}`] : []),
    ...(all.some(({user}) => asString(user) !== '') ? ['user may not be set'] : []),
    ...(all.some(({role}) => asString(role) !== '') ? ['role may not be set'] : []),
  ];
  return one(
    'seLinuxOptions',
    `${setters(bad(pod), wrong)} set forbidden securityContext.seLinuxOptions: ${details.join('; ')}`,
  );
};

const profile = (security: JsonObject): string => asString(asObject(security.seccompProfile).type);

function forbiddenSeccomp({pod, containers}: Subject): Violation | undefined {
  const bad = (security: JsonObject): boolean =>
    !['', 'RuntimeDefault', 'Localhost'].includes(profile(security));
  const wrong = containers.filter(({security}) => bad(security));
  if (!bad(pod) && wrong.length === 0) return undefined;
  const types = unique([
    ...(bad(pod) ? [profile(pod)] : []),
    ...wrong.map(({security}) => profile(security)),
  ]);
  return one(
    'seccompProfile',
    `${setters(bad(pod), wrong)} must not set securityContext.seccompProfile.type to ${quote(types)}`,
  );
}

const sysctls: Check = ({pod}) => {
  const names = asArray(pod.sysctls)
    .map((item) => asString(asObject(item).name))
    .filter((name) => !safeSysctls.has(name));
  return names.length > 0 ? one('forbidden sysctls', names.join(', ')) : undefined;
};

const hostProcess: Check = ({pod, containers}) => {
  const bad = (security: JsonObject): boolean => asObject(security.windowsOptions).hostProcess === true;
  const wrong = containers.filter(({security}) => bad(security));
  return bad(pod) || wrong.length > 0
    ? one(
        'hostProcess',
        `${setters(bad(pod), wrong)} must not set securityContext.windowsOptions.hostProcess=true`,
      )
    : undefined;
};

const escalation: Check = ({containers, windows}) => {
  const wrong = containers.filter(({security}) => security.allowPrivilegeEscalation !== false);
  return wrong.length > 0 && !windows
    ? one(
        'allowPrivilegeEscalation != false',
        `${named(wrong)} must set securityContext.allowPrivilegeEscalation=false`,
      )
    : undefined;
};

const restrictedCapabilities: Check = ({containers, windows}) => {
  if (windows) return undefined;
  const keeping = containers.filter((container) => !capabilities(container, 'drop').includes('ALL'));
  const extra = (container: Container) =>
    capabilities(container, 'add').filter((name) => name !== 'NET_BIND_SERVICE');
  const adding = containers.filter((container) => extra(container).length > 0);
  const details = [
    ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [
          `${named(adding)} must not include ${quote(unique(adding.flatMap(extra)))} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  return details.length > 0 ? one('unrestricted capabilities', details.join('; ')) : undefined;
};

const restrictedVolumes: Check = ({spec}) => {
  const found = asArray(spec.volumes).flatMap((volume) => {
    const {name, ...sources} = asObject(volume);
    const type = Object.keys(sources)[0] ?? '';
    return freeVolumes.has(type) ? [] : [{name: asString(name), type}];
  });
  const types = unique(found.map(({type}) => type));
  return found.length > 0
    ? one(
        'restricted volume types',
        `${plural('volume', found.length)} ${quote(found.map(({name}) => name))} ${found.length === 1 ? 'uses' : 'use'} ${plural('restricted volume type', types.length)} ${quote(types)}`,
      )
    : undefined;
};

const nonRoot: Check = ({pod, containers, ownUsers}) => {
  if (ownUsers) return undefined;
  const podBad = pod.runAsNonRoot === false;
  const wrong = containers.filter(({security}) => security.runAsNonRoot === false);
  if (podBad || wrong.length > 0)
    return one(
      'runAsNonRoot != true',
      `${setters(podBad, wrong)} must not set securityContext.runAsNonRoot=false`,
    );
  const open = containers.filter(({security}) => security.runAsNonRoot === undefined);
  return open.length > 0 && pod.runAsNonRoot !== true
    ? one('runAsNonRoot != true', `pod or ${named(open)} must set securityContext.runAsNonRoot=true`)
    : undefined;
};

const rootUser: Check = ({pod, containers, ownUsers}) => {
  const wrong = containers.filter(({security}) => security.runAsUser === 0);
  return !ownUsers && (pod.runAsUser === 0 || wrong.length > 0)
    ? one('runAsUser=0', `${setters(pod.runAsUser === 0, wrong)} must not set runAsUser=0`)
    : undefined;
};

const restrictedSeccomp: Check = (subject) => {
  if (subject.windows) return undefined;
  const forbidden = forbiddenSeccomp(subject);
  if (forbidden) return forbidden;
  const open = subject.containers.filter(({security}) => profile(security) === '');
  return open.length > 0 && profile(subject.pod) === ''
    ? one(
        'seccompProfile',
        `pod or ${named(open)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      )
    : undefined;
};

const baseline: readonly Check[] = [
  appArmor,
  baselineCapabilities,
  hostNamespaces,
  hostPaths,
  hostPorts,
  probes,
  privileged,
  procMount,
  selinux,
  forbiddenSeccomp,
  sysctls,
  hostProcess,
];
/** Stricter checks take the place of these. */
const replaced: readonly Check[] = [baselineCapabilities, hostPaths, forbiddenSeccomp];
const restricted: readonly Check[] = [
  ...baseline.filter((check) => !replaced.includes(check)),
  escalation,
  restrictedCapabilities,
  restrictedVolumes,
  nonRoot,
  rootUser,
  restrictedSeccomp,
];

/** What of a pod spec the Pod Security Standards forbid, in the server's order and words. */
export function violations(level: Level, spec: JsonObject): readonly Violation[] {
  if (level === 'privileged') return [];
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    asArray(spec[key])
      .map(asObject)
      .map((json) => ({name: asString(json.name), json, security: asObject(json.securityContext)})),
  );
  const subject: Subject = {
    spec,
    pod: asObject(spec.securityContext),
    containers,
    windows: asObject(spec.os).name === 'windows',
    ownUsers: spec.hostUsers === false,
  };
  return (level === 'baseline' ? baseline : restricted).flatMap((check) => check(subject) ?? []);
}

export const describeViolations = (found: readonly Violation[]): string =>
  found.map(({reason, detail}) => `${reason} (${detail})`).join(', ');
