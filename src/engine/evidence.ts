import type {Component} from './derive.ts';
import {embeddedObject} from './embedded.ts';
import {asArray, asObject, asString, isObject, type Json, type JsonObject} from './json.ts';
import {type Kubelet, kubeletResource} from './kubelet.ts';
import {annotationsOf, objectId, type Resource} from './objects.ts';

/** Where something about the control plane or a node is known from; the first that tells is taken. */
export const RUNGS = [
  'static-pod',
  'flagz',
  'configz',
  'kubeadm-config',
  'kubelet-config',
  'node-args',
  'behaviour',
] as const;
export type Rung = (typeof RUNGS)[number];

export type Evidence = JsonObject & {
  readonly rung: Rung;
  /** In words that follow `known from`: `its /flagz`. */
  readonly source: string;
  /** running: what it runs with. recorded: what it was given, which may have changed since. inferred: from what it does. */
  readonly confidence: 'running' | 'recorded' | 'inferred';
};

/** What an API server shows of itself to who can't see its flags; absent where it shows nothing. */
export type Observed = JsonObject & {
  /** Whether a request without credentials is let in as system:anonymous (403 or 200), or turned away (401). */
  readonly anonymous?: boolean;
  /** How Secrets were written since the server started: through an encrypting provider, or as they are. Absent before the first. */
  readonly encryptsSecrets?: boolean;
  readonly audits?: boolean;
};

const confidences: Readonly<Record<Evidence['confidence'], string>> = {
  running: 'in effect',
  recorded: 'recorded, and may have been changed since',
  inferred: 'inferred from what it does',
};

/** `known from its /flagz: in effect`: for a verdict. */
export const describeEvidence = ({source, confidence}: Evidence): string =>
  `known from ${source}: ${confidences[confidence]}`;

export const kubeletEvidence = ({evidence, rung}: Kubelet): Evidence => ({
  rung,
  source: evidence,
  confidence: rung === 'configz' ? 'running' : 'recorded',
});

/** Flags of `/flagz`, from its JSON or from its text; undefined where the answer is neither. Empty lists become empty. */
export function parseFlagz(body: Json): ReadonlyMap<string, string> | undefined {
  const plain = (value: string): string => /^\[(.*)\]$/s.exec(value)?.[1] ?? value;
  if (isObject(body)) {
    if (body.kind !== 'Flagz') return undefined;
    const flags = Object.entries(asObject(body.flags));
    return new Map(flags.map(([name, value]) => [name, plain(asString(value))]));
  }
  if (typeof body !== 'string' || !/^\S+ flagz\s*$/m.test(body)) return undefined;
  const lines = body.matchAll(/^([a-z][a-z0-9-]*)(?:: ?|=|[ \t]+)(.*)$/gm);
  const flags = [...lines].filter(([line]) => !/^\S+ flagz\s*$/.test(line));
  return flags.length === 0
    ? undefined
    : new Map(flags.map(([, name = '', value = '']) => [name, plain(value.trim())]));
}

const series = /^(\w+)(?:\{(.*)\})? (\S+)/;

/** What the counters of an API server's `/metrics` prove about encryption at rest and auditing. */
export function readMetrics(text: string): Pick<Observed, 'encryptsSecrets' | 'audits'> {
  let encrypts = false;
  let writesPlain = false;
  let hasAuditCounter = false;
  let audits = false;
  for (const line of text.split('\n')) {
    if (!line.startsWith('apiserver_')) continue;
    const [, name, labels = '', value = '0'] = series.exec(line) ?? [];
    const label = (key: string): string => new RegExp(`\\b${key}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const counted = Number(value) > 0;
    if (name === 'apiserver_storage_transformation_operations_total') {
      const isWrite =
        counted && label('resource') === 'secrets' && label('transformation_type') === 'to_storage';
      encrypts ||= isWrite && label('transformer_prefix').startsWith('k8s:enc:');
      // The provider `identity` has no prefix; a key's name stands beside its provider.
      writesPlain ||= isWrite && label('transformer_prefix') === '';
    }
    if (name === 'apiserver_audit_event_total') {
      hasAuditCounter = true;
      audits ||= counted;
    }
    if (name === 'apiserver_audit_level_total') audits ||= counted && label('level') !== 'None';
  }
  const encryptsSecrets = encrypts || (writesPlain ? false : undefined);
  return {
    ...(encryptsSecrets === undefined ? {} : {encryptsSecrets}),
    ...(hasAuditCounter || audits ? {audits} : {}),
  };
}

/** The answer to `GET /api` without credentials: let in (though forbidden), or turned away; undefined for others. */
export const anonymousFromStatus = (status: number): boolean | undefined =>
  status === 401 ? false : status === 403 || status === 200 ? true : undefined;

type Given = {
  readonly flags: Iterable<readonly [string, string]>;
  readonly evidence: Evidence;
  readonly name: string;
  readonly version?: string;
  readonly observed?: Observed;
};

/** An API server as an object that controls see like any other, from elsewhere than its pod. */
export function apiServerResource({flags, evidence, name, version, observed}: Given): Resource {
  const words = [...flags];
  const object: Component = {
    component: 'kube-apiserver',
    command: ['kube-apiserver', ...words.map(([flag, value]) => `--${flag}=${value}`)],
    wordPaths: [['command', 0], ...words.map(([flag]) => ['flags', flag])],
    flagsPath: ['flags'],
    image: '',
    evidence,
    flags: Object.fromEntries(words),
    ...(version === undefined ? {} : {version}),
    ...(observed === undefined ? {} : {observed}),
  };
  const id = objectId('Component', '', name);
  return {
    key: id,
    id,
    apiVersion: 'kubekata/v1',
    kind: 'Component',
    namespace: '',
    name,
    object,
    source: 'live',
  };
}

/** What kubeadm sets by itself, on the command line of every API server that it makes. */
const kubeadmFlags = [
  ['authorization-mode', 'Node,RBAC'],
  ['client-ca-file', '/etc/kubernetes/pki/ca.crt'],
  ['enable-admission-plugins', 'NodeRestriction'],
  ['etcd-cafile', '/etc/kubernetes/pki/etcd/ca.crt'],
  ['etcd-certfile', '/etc/kubernetes/pki/apiserver-etcd-client.crt'],
  ['etcd-servers', 'https://127.0.0.1:2379'],
  ['tls-cert-file', '/etc/kubernetes/pki/apiserver.crt'],
] as const;

/** The API server of ConfigMap kube-system/kubeadm-config; undefined where it holds none. */
export function apiServerOfKubeadm(configMap: JsonObject): Resource | undefined {
  const cluster = embeddedObject(asObject(configMap.data).ClusterConfiguration);
  if (cluster?.kind !== 'ClusterConfiguration') return undefined;
  const given = asObject(cluster.apiServer).extraArgs;
  const extra = Array.isArray(given)
    ? given.map((item: Json) => [asString(asObject(item).name), String(asObject(item).value)] as const)
    : Object.entries(asObject(given)).map(([name, value]) => [name, String(value)] as const);
  return apiServerResource({
    name: 'kube-apiserver (kubeadm-config)',
    flags: new Map([...kubeadmFlags, ...extra]),
    evidence: {rung: 'kubeadm-config', source: 'ConfigMap kubeadm-config', confidence: 'recorded'},
    version: asString(cluster.kubernetesVersion),
  });
}

/** The kubelet configuration that kubeadm hands to every node that joins; undefined where the ConfigMap holds none. */
export function kubeletOfConfigMap(configMap: JsonObject): Resource | undefined {
  const config = embeddedObject(asObject(configMap.data).kubelet);
  if (config?.kind !== 'KubeletConfiguration') return undefined;
  return kubeletResource(
    'kubelet-config',
    config,
    'ConfigMap kubelet-config, which nodes get when they join',
    'kubelet-config',
  );
}

const kinds = ['k3s', 'rke2'] as const;

/** The command line that k3s or RKE2 wrote on its node; undefined on other nodes. */
function nodeArguments(node: JsonObject): {program: string; words: readonly string[]} | undefined {
  for (const program of kinds) {
    const text = annotationsOf(node)[`${program}.io/node-args`];
    if (typeof text !== 'string') continue;
    try {
      const words = (JSON.parse(text) as Json) ?? [];
      return {program, words: asArray(words).map(String)};
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** Values of a flag that may come several times, as `--flag=value` or `--flag value`. */
function valuesOf(words: readonly string[], flag: string): readonly string[] {
  return words.flatMap((word, index) => {
    if (word.startsWith(`--${flag}=`)) return [word.slice(flag.length + 3)];
    const next = words[index + 1];
    return word === `--${flag}` ? [next === undefined || next.startsWith('--') ? 'true' : next] : [];
  });
}

const pairs = (values: readonly string[]): readonly (readonly [string, string])[] =>
  values.map((value) => {
    const at = value.indexOf('=');
    const [name, rest] = at < 0 ? [value, 'true'] : [value.slice(0, at), value.slice(at + 1)];
    return [name.replace(/^--/, ''), rest];
  });

/** What k3s and RKE2 set by themselves for the API server that they run. */
const distributionFlags = [
  ['anonymous-auth', 'false'],
  ['authorization-mode', 'Node,RBAC'],
  ['enable-admission-plugins', 'NodeRestriction'],
  ['profiling', 'false'],
] as const;

/** The API server that k3s or RKE2 runs on a server node, by the node's annotation; undefined on other nodes. */
export function apiServerOfNode(node: Resource): Resource | undefined {
  const given = nodeArguments(node.object);
  if (given?.words[0] !== 'server') return undefined;
  const {program, words} = given;
  const encrypts =
    program === 'rke2' || (valuesOf(words, 'secrets-encryption').at(-1) ?? 'false') !== 'false';
  const version = asString(asObject(asObject(asObject(node.object).status).nodeInfo).kubeletVersion);
  return apiServerResource({
    name: `kube-apiserver (${program} on ${node.name})`,
    flags: new Map([
      ...distributionFlags,
      ...(encrypts ? [['encryption-provider-config', 'made by the distribution'] as const] : []),
      ...pairs(valuesOf(words, 'kube-apiserver-arg')),
    ]),
    evidence: {
      rung: 'node-args',
      source: `annotation ${program}.io/node-args of node ${node.name}, beside what ${program} sets by itself`,
      confidence: 'recorded',
    },
    version,
  });
}

/** `cpu=200m,pid=1000`, as a flag of the kubelet writes a reservation. */
const reserved = (text: string): JsonObject =>
  Object.fromEntries(pairs(text.split(',').filter((part) => part !== '')));

/** The kubelet that k3s or RKE2 runs on a node, by the node's annotation; undefined on other nodes. */
export function kubeletOfNode(node: Resource): Resource | undefined {
  const given = nodeArguments(node.object);
  if (given === undefined) return undefined;
  const {program, words} = given;
  const flags = new Map(pairs(valuesOf(words, 'kubelet-arg')));
  const flag = (name: string, fallback: string): string => flags.get(name) ?? fallback;
  const limit = Number(flag('pod-max-pids', '-1'));
  const config: JsonObject = {
    authentication: {
      anonymous: {enabled: flag('anonymous-auth', 'false') === 'true'},
      x509: {clientCAFile: flag('client-ca-file', `/var/lib/rancher/${program}/agent/client-ca.crt`)},
    },
    authorization: {mode: flag('authorization-mode', 'Webhook')},
    podPidsLimit: Number.isNaN(limit) ? -1 : limit,
    readOnlyPort: Number(flag('read-only-port', '0')) || 0,
    seccompDefault: flag('seccomp-default', 'false') === 'true',
    systemReserved: reserved(flag('system-reserved', '')),
    kubeReserved: reserved(flag('kube-reserved', '')),
  };
  const evidence = `annotation ${program}.io/node-args, beside what ${program} sets by itself`;
  return {
    ...kubeletResource(node.name, config, evidence, 'node-args'),
    key: `Kubelet//${node.name} node-args`,
  };
}
