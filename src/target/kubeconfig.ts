import {existsSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {delimiter, dirname, isAbsolute, join, resolve} from 'node:path';
import {parseDocument} from 'yaml';
import {asArray, asObject, asString, isObject, type Json, type JsonObject} from '../engine/json.ts';
import {didYouMean, plainText} from '../engine/text.ts';
import {TargetError} from './target.ts';

/** A context of the kubeconfig, as the start screen lists it. */
export type KubeContext = {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
  /** URL of the server; empty where the cluster is not defined. */
  readonly server: string;
  readonly current: boolean;
};

/** One or several kubeconfig files, merged as kubectl does: the first that names something wins. */
export type Kubeconfig = {
  readonly files: readonly string[];
  readonly currentContext: string;
  readonly contexts: readonly KubeContext[];
  readonly clusters: ReadonlyMap<string, JsonObject>;
  readonly users: ReadonlyMap<string, JsonObject>;
};

/** What a context says about how to reach and to sign in to its cluster, paths made absolute. */
export type ClusterAccess = {
  readonly context: KubeContext;
  readonly files: readonly string[];
  readonly cluster: JsonObject;
  readonly user: JsonObject;
};

/** The files that kubectl would read: the one named, else those of $KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(file: string | undefined, environment: NodeJS.ProcessEnv): readonly string[] {
  if (file !== undefined) return [resolve(file)];
  const listed = (environment.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  if (listed.length > 0) return listed.map((one) => resolve(one));
  return [join(environment.HOME || homedir(), '.kube', 'config')];
}

/** @throws {TargetError} `bad-kubeconfig`: none is there, can't be read, is not YAML. */
export function loadKubeconfig(file?: string, environment: NodeJS.ProcessEnv = process.env): Kubeconfig {
  const files = kubeconfigFiles(file, environment);
  const present = files.filter((one) => existsSync(one));
  if (present.length === 0) {
    throw new TargetError('bad-kubeconfig', 'No kubeconfig was found.', [
      `${files.join(' and ')} ${files.length === 1 ? 'is' : 'are'} not there. Name one with --kubeconfig FILE, or set KUBECONFIG. The practice cluster needs none.`,
    ]);
  }
  const contexts = new Map<string, JsonObject>();
  const clusters = new Map<string, JsonObject>();
  const users = new Map<string, JsonObject>();
  let currentContext = '';
  for (const one of present) {
    const config = readOne(one);
    currentContext ||= asString(config['current-context']);
    const folder = dirname(one);
    collect(contexts, config.contexts, 'context', (value) => value);
    collect(clusters, config.clusters, 'cluster', (value) =>
      absolute(value, folder, ['certificate-authority']),
    );
    collect(users, config.users, 'user', (value) => absoluteUser(value, folder));
  }
  return {
    files: present,
    currentContext,
    clusters,
    users,
    contexts: [...contexts].map(([name, {cluster, user, namespace}]) => ({
      name,
      cluster: asString(cluster),
      user: asString(user),
      namespace: asString(namespace),
      server: asString(clusters.get(asString(cluster))?.server),
      current: name === currentContext,
    })),
  };
}

function readOne(file: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TargetError(
      'bad-kubeconfig',
      `${file} can't be read.`,
      [cause instanceof Error ? cause.message : String(cause)],
      {cause},
    );
  }
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error) {
    const line = error.linePos?.[0].line;
    throw new TargetError(
      'bad-kubeconfig',
      `${file} can't be read: ${line ? `line ${line} is` : 'it is'} not YAML.`,
      [plainText(error.message.split('\n')[0] ?? error.message)],
    );
  }
  const value: Json = document.toJS();
  if (!isObject(value)) {
    throw new TargetError('bad-kubeconfig', `${file} is no kubeconfig.`, [
      'It holds no clusters, users and contexts. Name another with --kubeconfig FILE.',
    ]);
  }
  return value;
}

function collect(
  into: Map<string, JsonObject>,
  list: Json | undefined,
  field: string,
  change: (value: JsonObject) => JsonObject,
): void {
  for (const item of asArray(list)) {
    const {name, [field]: value} = asObject(item);
    if (typeof name === 'string' && !into.has(name)) into.set(name, change(asObject(value)));
  }
}

function absolute(value: JsonObject, folder: string, fields: readonly string[]): JsonObject {
  const changed: Record<string, Json> = {...value};
  for (const field of fields) {
    const path = changed[field];
    if (typeof path === 'string' && path && !isAbsolute(path)) changed[field] = join(folder, path);
  }
  return changed;
}

function absoluteUser(value: JsonObject, folder: string): JsonObject {
  const user = absolute(value, folder, ['client-certificate', 'client-key', 'tokenFile']);
  const exec = asObject(user.exec);
  const isRelative = /[/\\]/.test(asString(exec.command));
  return isRelative ? {...user, exec: absolute(exec, folder, ['command'])} : user;
}

/** The context asked for, else the current one. @throws {TargetError} `unknown-context`, `bad-kubeconfig` */
export function accessOf(config: Kubeconfig, name?: string): ClusterAccess {
  const wanted = name ?? config.currentContext;
  const place = config.files.join(' and ');
  const context = config.contexts.find((one) => one.name === wanted);
  if (context === undefined) {
    const names = config.contexts.map((one) => one.name);
    const list = names.length === 0 ? 'It has none.' : `It has ${names.map(plainText).join(', ')}.`;
    if (!wanted) {
      throw new TargetError('unknown-context', `${place} has no current context.`, [
        `Name one with --context NAME. ${list}`,
      ]);
    }
    const close = didYouMean(wanted, names);
    throw new TargetError(
      'unknown-context',
      `kubeconfig has no context ${plainText(wanted)}.${close ? ` Did you mean ${plainText(close)}?` : ''}`,
      [`Read from ${place}. ${list}`],
    );
  }
  const cluster = config.clusters.get(context.cluster);
  const server = asString(cluster?.server);
  if (cluster === undefined || !server) {
    throw new TargetError('bad-kubeconfig', `Context ${context.name} has no server.`, [
      context.cluster
        ? `Its cluster ${context.cluster} has no server in ${place}.`
        : `It names no cluster. Correct it in ${place}.`,
    ]);
  }
  if (!/^https?:\/\/[^/]/.test(server)) {
    throw new TargetError(
      'bad-kubeconfig',
      `The server of context ${context.name} is no URL: ${plainText(server)}.`,
      [`Correct it in ${place}: https://HOST:PORT.`],
    );
  }
  return {context, files: config.files, cluster, user: config.users.get(context.user) ?? {}};
}
