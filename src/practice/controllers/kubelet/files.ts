import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import type {Machine} from '../../api/machine.ts';
import type {Container, Pod} from '../types.ts';

/** Makes the token of a pod's ServiceAccount. */
export type TokenOf = (pod: Pod, audience: string, seconds: number) => string;

/** Files by absolute path, and the folders that are there without any. */
export type Files = {readonly files: ReadonlyMap<string, string>; readonly folders: ReadonlySet<string>};

const base = ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var'];

/** What a container sees: its mounts with what ConfigMaps, Secrets and tokens hold now, and the files that a runtime makes. */
export function filesOf(machine: Machine, pod: Pod, container: Container, tokenOf: TokenOf): Files {
  const files = new Map<string, string>();
  const folders = new Set(base.map((name) => `/${name}`));
  const hostname = pod.metadata.name;
  files.set('/etc/hostname', `${hostname}\n`);
  files.set(
    '/etc/hosts',
    `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${asString(pod.status?.podIP)}\t${hostname}\n`,
  );
  files.set(
    '/etc/resolv.conf',
    `search ${pod.metadata.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
  );
  for (const mount of container.volumeMounts ?? []) {
    const volume = (pod.spec.volumes ?? []).find(({name}) => name === mount.name);
    const at = mount.mountPath.replace(/\/$/, '');
    const content = volume ? contentOf(machine, pod, volume, tokenOf) : new Map<string, string>();
    const subPath = asString(mount.subPath);
    if (subPath && content.has(subPath)) {
      files.set(at, content.get(subPath)!);
      continue;
    }
    folders.add(at || '/');
    for (const [path, text] of content) files.set(`${at}/${path}`, text);
  }
  return {files, folders};
}

function contentOf(machine: Machine, pod: Pod, volume: JsonObject, tokenOf: TokenOf): Map<string, string> {
  const namespace = pod.metadata.namespace ?? '';
  const found = new Map<string, string>();
  const add = (data: ReadonlyMap<string, string>, items: unknown): void => {
    const chosen = asArray(items as never).map(asObject);
    if (chosen.length === 0) for (const [key, text] of data) found.set(key, text);
    for (const {key, path} of chosen)
      if (data.has(asString(key))) found.set(asString(path), data.get(asString(key))!);
  };
  const source = (one: JsonObject): void => {
    if (isObject(one.configMap))
      add(dataOf(machine, 'configmaps', namespace, asString(one.configMap.name)), one.configMap.items);
    if (isObject(one.secret))
      add(
        dataOf(machine, 'secrets', namespace, asString(one.secret.secretName) || asString(one.secret.name)),
        one.secret.items,
      );
    if (isObject(one.serviceAccountToken)) {
      const {path, audience, expirationSeconds} = one.serviceAccountToken;
      found.set(asString(path), tokenOf(pod, asString(audience), Number(expirationSeconds ?? 3600)));
    }
    if (isObject(one.downwardAPI))
      for (const item of asArray(one.downwardAPI.items).map(asObject))
        found.set(asString(item.path), fieldOf(pod, asString(asObject(item.fieldRef).fieldPath)));
  };
  source(volume);
  for (const one of asArray(asObject(volume.projected).sources)) source(asObject(one));
  return found;
}

/** Keys with their values as text. */
export function dataOf(
  machine: Machine,
  resource: 'configmaps' | 'secrets',
  namespace: string,
  name: string,
): ReadonlyMap<string, string> {
  const object = machine.get(resource, namespace, name);
  const decoded = (value: unknown): string => Buffer.from(String(value), 'base64').toString('utf8');
  const text = resource === 'secrets' ? decoded : String;
  return new Map([
    ...Object.entries(asObject(object?.data)).map(([key, value]) => [key, text(value)] as const),
    ...Object.entries(asObject(object?.binaryData)).map(([key, value]) => [key, decoded(value)] as const),
  ]);
}

/** A field of the pod as the downward API gives it. */
export function fieldOf(pod: Pod, path: string): string {
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (entry) return asString(asObject(pod.metadata[entry[1]!])[entry[2]!]);
  if (path === 'metadata.labels' || path === 'metadata.annotations')
    return Object.entries(asObject(pod.metadata[path.slice(9)]))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
      .join('');
  let value: unknown = pod;
  for (const key of path.split('.')) value = asObject(value as never)[key];
  return typeof value === 'string' ? value : '';
}
