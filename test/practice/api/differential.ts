import {randomUUID} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {request} from 'node:https';
import {parse} from 'yaml';
import {asObject, isArray, isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import type {Case} from './differential-requests.ts';

export type Answer = {readonly status: number; readonly body: Json; readonly warnings: readonly string[]};
export type Send = (item: Case, namespace: string) => Promise<Answer>;

const decode = (text: unknown): Buffer | undefined =>
  typeof text === 'string' ? Buffer.from(text, 'base64') : undefined;

/** A sender for the cluster of a kubeconfig, with its token or client certificate. */
export function connect(kubeconfig: string): Send {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: {cluster: JsonObject}[];
    users: {user: JsonObject}[];
  };
  const {cluster} = config.clusters[0]!;
  const {user} = config.users[0]!;
  const tls = {
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
  return (item, namespace) =>
    new Promise((resolve, reject) => {
      const {method = 'GET', type, headers = {}} = item;
      const path = item.path.replaceAll('$ns', namespace);
      const body =
        item.body === undefined
          ? item.raw
          : JSON.stringify(item.body)
              .replaceAll('$ns', namespace)
              .replaceAll(/"\$setElementOrder":0,?/g, '');
      const call = request(
        new URL(path, String(cluster.server)),
        {
          ...tls,
          method,
          headers: {
            accept: 'application/json',
            'user-agent': 'differential/1',
            ...(body === undefined ? {} : {'content-length': Buffer.byteLength(body)}),
            ...(body === undefined
              ? {}
              : {
                  'content-type': type
                    ? `application/${type}-patch+${type === 'apply' ? 'yaml' : 'json'}`
                    : 'application/json',
                }),
            ...(typeof user.token === 'string' ? {authorization: `Bearer ${user.token}`} : {}),
            ...headers,
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => {
            const warnings = (response.headers.warning ?? '').match(/299 - "((?:\\.|[^"\\])*)"/g) ?? [];
            let parsed: Json;
            try {
              parsed = JSON.parse(text) as Json;
            } catch {
              parsed = text;
            }
            resolve({status: response.statusCode ?? 0, body: parsed, warnings});
          });
        },
      );
      call.on('error', reject);
      call.end(body);
    });
}

export const newNamespace = (): string => `diff-${randomUUID().slice(0, 8)}`;

const volatile = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'time',
  'clusterIP',
  'remainingItemCount',
  'continue',
]);

const isConflict = (causes: readonly Json[]): boolean =>
  causes.some((cause) => asObject(cause).reason === 'FieldManagerConflict');

/** The answer without what differs between any two clusters: ids, times, addresses, generated names. */
export function normalise(value: Json, key = ''): Json {
  if (isArray(value)) {
    if (key === 'clusterIPs') return ['*'];
    // Managed fields are kept in the order of the server's own bookkeeping.
    return value.map((item) => normalise(item));
  }
  if (isObject(value)) {
    const result: Record<string, Json> = {};
    // Of several managers the real server tells in any order.
    if (key === 'details' && isArray(value.causes) && isConflict(value.causes))
      return normalise({
        ...value,
        causes: {sorted: value.causes.map((cause) => JSON.stringify(cause)).sort()},
      });
    for (const name of Object.keys(value).sort()) {
      if (value.kind === 'Table' && name === 'columnDefinitions') {
        result[name] = (value[name] as readonly Json[]).map((column) => {
          const {description: _, ...rest} = asObject(column);
          return rest;
        });
      } else result[name] = normalise(value[name]!, name);
    }
    return result;
  }
  if (volatile.has(key) && value !== null && value !== '') return '*';
  if (typeof value !== 'string') return value;
  return value
    .replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-*')
    .replaceAll(/diff-[0-9a-f]{8}/g, '$ns')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replaceAll(/\b10\.96\.\d+\.\d+/g, '<ip>')
    .replaceAll(/patch: Invalid value: "\{.*\}"/gs, 'patch: Invalid value: "{*}"')
    .replaceAll(/^Invalid value: "\{.*\}"/gs, 'Invalid value: "{*}"')
    .replaceAll(/in record \(\d+\)/g, 'in record (*)')
    .replaceAll(/^foo-[a-z0-9]{5}$/g, 'foo-*');
}

const workloads = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'PodDisruptionBudget',
  'HorizontalPodAutoscaler',
]);

/** An item of a list, or a row of a table, that some controller made. */
function isMadeByController(item: Json): boolean {
  const {metadata, object} = asObject(item);
  const {name, ownerReferences} = asObject(metadata ?? asObject(object).metadata);
  return name === 'kube-root-ca.crt' || (isArray(ownerReferences) && name !== 'g');
}

/** Tables of a kind that has no columns of its own. */
const hasNoPrinter = ({columnDefinitions}: JsonObject): boolean =>
  isArray(columnDefinitions) && columnDefinitions.some((column) => asObject(column).name === 'Created At');

/** Without what controllers write meanwhile, each cluster at its own pace. */
export function withoutControllers(value: Json): Json {
  if (isArray(value)) return value.filter((item) => !isMadeByController(item)).map(withoutControllers);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    if (
      key === 'status' &&
      workloads.has(String(value.kind ?? 'Deployment')) &&
      isObject(item) &&
      value.spec !== undefined
    )
      return [];
    if (key === 'annotations' && isObject(item)) {
      const {'deployment.kubernetes.io/revision': _, ...rest} = item;
      return Object.keys(rest).length > 0 ? [[key, rest]] : [];
    }
    if (key === 'managedFields' && isArray(item)) {
      const kept = item.filter((entry) => asObject(entry).manager !== 'kube-controller-manager');
      // Their order is that of their times, and those are each cluster's own.
      const name = (entry: Json): string =>
        `${String(asObject(entry).manager)} ${String(asObject(entry).operation)}`;
      if (kept.length === 0) return [];
      return [[key, kept.map(withoutControllers).sort((a, b) => (name(a) < name(b) ? -1 : 1))]];
    }
    if (key === 'cells' || key === 'remainingItemCount') return [];
    const kept = withoutControllers(item);
    // Without any item some lists are null.
    const isBare = isArray(kept) && kept.length === 0 && isArray(item) && item.length > 0;
    return [
      [key, isBare && (value.kind === 'PartialObjectMetadataList' || hasNoPrinter(value)) ? null : kept],
    ];
  });
  return Object.fromEntries(entries);
}

/** Paths at which two values differ, with both. */
export function differences(real: Json | undefined, ours: Json | undefined, path = ''): string[] {
  if (isObject(real) && isObject(ours)) {
    return [...new Set([...Object.keys(real), ...Object.keys(ours)])]
      .sort()
      .flatMap((key) => differences(real[key], ours[key], path ? `${path}.${key}` : key));
  }
  if (isArray(real) && isArray(ours)) {
    const length = Math.max(real.length, ours.length);
    return Array.from({length}, (_, index) =>
      differences(real[index], ours[index], `${path}[${index}]`),
    ).flat();
  }
  const [a, b] = [JSON.stringify(real), JSON.stringify(ours)];
  return a === b ? [] : [`${path}: real ${a}, ours ${b}`];
}
