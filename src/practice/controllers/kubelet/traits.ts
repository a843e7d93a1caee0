import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'yaml';
import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import type {Cache} from '../cache.ts';
import {controllerOf} from '../cache.ts';
import type {Container, Obj, Pod} from '../types.ts';

/** What an image needs and does. */
export type Traits = {
  /** The user that the image names; 0 is root. */
  readonly user: number;
  /** Another user that works too, or any. */
  readonly as: number | 'any' | undefined;
  /** Why it works as its own user only. */
  readonly root: string | undefined;
  readonly writes: readonly string[];
  readonly bind: readonly number[];
  readonly capabilities: readonly string[];
  readonly privileged: boolean;
  /** A name that it looks up when it starts. */
  readonly dns: string | undefined;
  readonly token: boolean;
  /** MiB in steady use and at its peak. */
  readonly memory: readonly [steady: number, peak: number];
  /** Ends by itself when no command keeps it: a shell without a terminal. */
  readonly ends: boolean;
  /** Whether the image holds a shell and its tools. */
  readonly shell: boolean;
};

/** Finds the traits of a container; an image that nobody described works under any circumstances. */
export type TraitsOf = (pod: Pod, container: Container) => Traits;

const unknown: Traits = {
  user: 0,
  as: 'any',
  root: undefined,
  writes: [],
  bind: [],
  capabilities: [],
  privileged: false,
  dns: undefined,
  token: false,
  memory: [24, 48],
  ends: false,
  shell: true,
};

/** Reads `traits/*.yaml` of a scenario: images by reference or by repository, and what differs in some workloads. */
export function readTraits(scenarioDirectory: string, cache: Cache): TraitsOf {
  const images = new Map<string, Traits>();
  const workloads = new Map<string, JsonObject>();
  for (const content of traitContents(scenarioDirectory)) {
    for (const [reference, value] of Object.entries(asObject(content.images))) {
      images.set(reference, traitsFrom(unknown, asObject(value)));
    }
    for (const [name, value] of Object.entries(asObject(content.workloads)))
      workloads.set(name, asObject(value));
  }
  return (pod, container) => {
    const image = canonical(container.image);
    const base = images.get(container.image) ?? images.get(image) ?? images.get(repository(image)) ?? unknown;
    const workload = asObject(workloads.get(workloadOf(cache, pod)));
    const special = asObject(asObject(workload.containers)[container.name]);
    const own = isObject(special.instead) ? traitsFrom(unknown, special.instead) : traitsFrom(base, special);
    const isMain = pod.spec.containers.includes(container);
    return workload.token === true && isMain ? {...own, token: true} : own;
  };
}

/** Where the build puts the contents of `traits/*.yaml`: each start reads them, and YAML takes 60 ms. */
export const compiledTraits = 'traits.json';

/** The contents of `traits/*.yaml`, in the order of names. */
export function traitContents(scenarioDirectory: string): readonly JsonObject[] {
  const compiled = join(scenarioDirectory, compiledTraits);
  if (existsSync(compiled)) return asArray(JSON.parse(readFileSync(compiled, 'utf8')) as Json).map(asObject);
  const folder = join(scenarioDirectory, 'traits');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => asObject(parse(readFileSync(join(folder, name), 'utf8')) as Json));
}

function traitsFrom(base: Traits, value: JsonObject): Traits {
  const number = (json: Json | undefined, fallback: number): number =>
    typeof json === 'number' ? json : fallback;
  const numbers = (json: Json | undefined): readonly number[] =>
    asArray(json).filter((one) => typeof one === 'number');
  const [steady, peak] = numbers(value.mem);
  return {
    user: number(value.user, base.user),
    as:
      value.user === undefined
        ? base.as
        : value.as === 'any' || typeof value.as === 'number'
          ? value.as
          : undefined,
    root: typeof value.root === 'string' ? value.root : base.root,
    writes: value.writes === undefined ? base.writes : asArray(value.writes).map(asString),
    bind: value.bind === undefined ? base.bind : numbers(value.bind),
    capabilities: value.caps === undefined ? base.capabilities : asArray(value.caps).map(asString),
    privileged: value.privileged === undefined ? base.privileged : value.privileged === true,
    dns: typeof value.dns === 'string' ? value.dns : base.dns,
    token: base.token,
    memory: steady === undefined ? base.memory : [steady, peak ?? steady],
    ends: value.ends === undefined ? base.ends : value.ends === true,
    shell: value.shell === undefined ? base.shell : value.shell === true,
  };
}

/** `nginx` as `docker.io/library/nginx`, as the runtime resolves it. */
export function canonical(image: string): string {
  const [first = '', ...rest] = image.split('/');
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]/.test(first) || first === 'localhost' ? image : `docker.io/${image}`;
}

/** Without tag and digest. */
export const repository = (image: string): string => image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');

/** `namespace/name` of the workload that a pod belongs to: the owner of its owner, while there is one. */
export function workloadOf(cache: Cache, pod: Pod): string {
  let current: Obj = pod;
  for (let owner = controllerOf(current); owner; owner = controllerOf(current)) {
    const above = cache.byUid(owner.uid);
    if (!above || !/^(ReplicaSet|Deployment|StatefulSet|DaemonSet|Job|CronJob)$/.test(above.kind)) break;
    current = above;
  }
  return `${pod.metadata.namespace}/${current.metadata.name}`;
}
