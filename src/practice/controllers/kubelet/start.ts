import {nanoOf} from '../../api/quantity.ts';
import {podLabel} from '../pods.ts';
import type {Container, Pod} from '../types.ts';
import {flagFault} from './flags.ts';
import {missingKey, type Objects} from './references.ts';
import type {Traits} from './traits.ts';

/** What becomes of a container that is started. */
export type Outcome =
  | {readonly is: 'running'; readonly outgrows: boolean}
  | {readonly is: 'completed'}
  /** It never starts: the waiting reason and its message. */
  | {readonly is: 'refused'; readonly reason: string; readonly message: string}
  | {
      readonly is: 'crashed';
      readonly exitCode: number;
      readonly reason: 'Error' | 'OOMKilled';
      readonly log: string;
    };

export type Surroundings = {
  readonly traits: Traits;
  readonly objects: Objects;
  /** Whether network policies let the pod ask the cluster's DNS. */
  readonly resolvesNames: boolean;
  /** Whether the container's program comes to an end by itself, and how. */
  readonly ends: number | undefined;
  /** A file as the container sees it. */
  readonly read: (path: string) => string | undefined;
};

const mebibyte = 1024n * 1024n * 1_000_000_000n;
const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';

const crashed = (log: string, exitCode = 1): Outcome => ({is: 'crashed', exitCode, reason: 'Error', log});

/** Starts a container in thought: the first thing that goes wrong, as the kubelet or the program would say it. */
export function start(pod: Pod, container: Container, around: Surroundings): Outcome {
  const refused = refusal(pod, container, around);
  if (refused) return refused;
  const fault = misfit(pod, container, around) ?? flagFault(container, around.read);
  if (fault !== undefined) return crashed(fault);
  const {traits, ends} = around;
  const limit = nanoOf(container.resources?.limits?.memory ?? podLimit(pod));
  const [steady, peak] = traits.memory;
  if (limit > 0n && limit < BigInt(steady) * mebibyte) {
    return {is: 'crashed', exitCode: 137, reason: 'OOMKilled', log: ''};
  }
  if (ends !== undefined) return ends === 0 ? {is: 'completed'} : crashed('', ends);
  return {is: 'running', outgrows: limit > 0n && limit < BigInt(peak) * mebibyte};
}

const podLimit = (pod: Pod): unknown => {
  const {resources} = pod.spec;
  return typeof resources === 'object' && resources !== null && 'limits' in resources
    ? (resources.limits as {readonly memory?: string} | undefined)?.memory
    : undefined;
};

/** The user that the container's process gets. */
export function userOf(pod: Pod, container: Container, traits: Traits): number {
  return container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser ?? traits.user;
}

function refusal(pod: Pod, container: Container, {traits, objects}: Surroundings): Outcome | undefined {
  const explicit = container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
  const nonRoot = container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot ?? false;
  const where = `(pod: "${podLabel(pod)}", container: ${container.name})`;
  const config = (message: string): Outcome => ({
    is: 'refused',
    reason: 'CreateContainerConfigError',
    message,
  });
  if (nonRoot && explicit === 0) return config(`container's runAsUser breaks non-root policy ${where}`);
  if (nonRoot && explicit === undefined && traits.user === 0) {
    return config(`container has runAsNonRoot and image will run as root ${where}`);
  }
  const missing = missingKey(pod, container, objects);
  return missing === undefined ? undefined : config(missing);
}

/** What the program runs into, as it writes it to its log; undefined when it finds all that it needs. */
function misfit(pod: Pod, container: Container, {traits, resolvesNames}: Surroundings): string | undefined {
  const security = container.securityContext;
  const user = userOf(pod, container, traits);
  if (user !== traits.user && traits.as !== 'any' && traits.as !== user) {
    const why = traits.root ?? `its files belong to user ${traits.user}`;
    return `fatal: running as user ${user}: permission denied (${why})`;
  }
  if (traits.privileged && security?.privileged !== true) {
    return `fatal: operation not permitted (${traits.root ?? 'it needs a privileged container'})`;
  }
  const path = security?.readOnlyRootFilesystem === true ? unwritable(container, traits.writes) : undefined;
  if (path !== undefined) return `open ${path}: read-only file system`;
  if (security?.privileged !== true) {
    const lacks = (name: string): boolean => isDropped(container, name);
    const port = traits.bind.find((one) => one < unprivilegedFrom(pod));
    if (port !== undefined && lacks('NET_BIND_SERVICE')) {
      return `listen tcp :${port}: bind: permission denied`;
    }
    const capability = user === 0 ? traits.capabilities.find(lacks) : undefined;
    if (capability !== undefined) return `fatal: operation not permitted (needs capability ${capability})`;
  }
  if (traits.token && !hasToken(pod, container)) return `open ${tokenFile}: no such file or directory`;
  if (traits.dns !== undefined && !resolvesNames) return `dial tcp: lookup ${traits.dns}: i/o timeout`;
  return undefined;
}

/** The first path that no writable volume covers. */
function unwritable(container: Container, paths: readonly string[]): string | undefined {
  const mounts = (container.volumeMounts ?? []).filter((mount) => mount.readOnly !== true);
  return paths.find(
    (path) =>
      !mounts.some(
        ({mountPath}) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, '')}/`),
      ),
  );
}

function isDropped(container: Container, name: string): boolean {
  const {add = [], drop = []} = container.securityContext?.capabilities ?? {};
  const has = (list: readonly string[]): boolean =>
    list.some((one) => one.replace(/^CAP_/, '') === name || one === 'ALL');
  return has(drop) && !has(add);
}

/** The first port that anybody may open: the runtime of these nodes leaves the kernel's default, 1024. */
function unprivilegedFrom(pod: Pod): number {
  const sysctl = pod.spec.securityContext?.sysctls?.find(
    ({name}) => name === 'net.ipv4.ip_unprivileged_port_start',
  );
  return sysctl ? Number(sysctl.value) : 1024;
}

function hasToken(pod: Pod, container: Container): boolean {
  const volumes = new Set(
    (pod.spec.volumes ?? [])
      .filter((volume) =>
        volume.projected?.sources?.some((source) => source.serviceAccountToken !== undefined),
      )
      .map((volume) => volume.name),
  );
  return (container.volumeMounts ?? []).some(
    (mount) => volumes.has(mount.name) && tokenFile.startsWith(`${mount.mountPath.replace(/\/$/, '')}/`),
  );
}
