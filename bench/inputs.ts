import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {JsonObject} from '../src/engine/json.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const metadata = (name: string, index: number): JsonObject => ({
  name: `${name}-${index}`,
  namespace: `team-${index % 50}`,
  labels: {app: `app-${index}`},
});

/** A Deployment and its ServiceAccount, hardened at random. */
export function pair(index: number, random: () => number, replicas = 2): readonly [JsonObject, JsonObject] {
  const labels = {app: `app-${index}`};
  const container: JsonObject = {
    name: 'main',
    image: `registry.example/app:${index}`,
    ports: [{containerPort: 8080}],
    env: [{name: 'MODE', value: 'production'}],
    ...(random() < 0.5 ? {securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true}} : {}),
    ...(random() < 0.5 ? {resources: {limits: {cpu: '1', memory: '128Mi'}}} : {}),
  };
  const spec: JsonObject = {serviceAccountName: `account-${index}`, containers: [container]};
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('app', index),
      spec: {replicas, selector: {matchLabels: labels}, template: {metadata: {labels}, spec}},
    },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadata('account', index),
      ...(random() < 0.5 ? {automountServiceAccountToken: false} : {}),
    },
  ];
}

/** Objects of `count` pairs. */
export function pairs(count: number, seed = 1, replicas = 2): readonly JsonObject[] {
  const random = seeded(seed);
  return Array.from({length: count}, (_, index) => pair(index, random, replicas)).flat();
}

/** A folder with one YAML file per object. */
export async function writeFolder(folder: string, objects: readonly JsonObject[]): Promise<string> {
  const {stringify} = await import('yaml');
  mkdirSync(folder, {recursive: true});
  for (const [index, object] of objects.entries()) {
    writeFileSync(join(folder, `${String(object.kind).toLowerCase()}-${index}.yaml`), stringify(object));
  }
  return folder;
}

/** A folder with all objects in one JSON file: quick to read, many rows. */
export function writeList(folder: string, objects: readonly JsonObject[]): string {
  mkdirSync(folder, {recursive: true});
  writeFileSync(
    join(folder, 'all.json'),
    JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects}, undefined, 1),
  );
  return folder;
}
