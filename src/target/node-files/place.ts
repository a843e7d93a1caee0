import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join, normalize} from 'node:path';
import {redact} from '../../engine/credentials.ts';
import {isObject, type JsonObject} from '../../engine/json.ts';
import {kubeconfigFileResource} from '../../engine/kubeconfig-file.ts';
import {kubeletConfigFile, nodeFileResource} from '../../engine/node-file.ts';
import type {Resource} from '../../engine/objects.ts';
import {parseYaml, toJson} from '../files/yaml.ts';
import {TargetError} from '../target.ts';

const nodeName = /^[a-z0-9][a-z0-9.-]*$/;
const yamlFile = /^[^.].*\.ya?ml$/;
/** What kubeadm names the kubeconfig files of a node. */
const kubeconfigFile = /^[^.].*\.conf$/;
/** Certificates and keys: no control reads them, and nobody should. */
const left = new Set(['pki']);
const largest = 1_000_000;

/** Where a file of a node lies below the folder of all nodes. @throws {TargetError} for what is no node or path. */
export function pathOf(folder: string, node: string, file: string): string {
  if (!nodeName.test(node) || !file.startsWith('/') || normalize(file) !== file) {
    throw new TargetError('rejected', `${file} of node ${node} is no path that kubekata writes.`);
  }
  return join(folder, node, file);
}

/** The text of a file; undefined where there is none. @throws {TargetError} where something else stands there. */
export function readText(path: string): string | undefined {
  const stat = lstatSync(path, {throwIfNoEntry: false});
  if (stat === undefined) return undefined;
  if (!stat.isFile() || stat.size > largest) {
    throw new TargetError('unreadable', `${path} is no file that can be edited here.`);
  }
  return readFileSync(path, 'utf8');
}

/** The one object that a text holds; undefined where it holds none, several, or is no YAML. */
export function contentOf(text: string): JsonObject | undefined {
  const documents = parseYaml(text);
  const [only] = documents;
  if (documents.length !== 1 || only === undefined || only.errors.length > 0) return undefined;
  const content = toJson(only);
  return isObject(content) ? content : undefined;
}

/** What was read of a file, by its path: a text is parsed once. */
export type Read = Map<string, {readonly text: string; readonly content: JsonObject | undefined}>;

/** The files of all nodes that kubekata knows what to do with, and the folders that hold them. */
export function readNodes(
  folder: string,
  read: Read = new Map(),
): {
  readonly resources: readonly Resource[];
  readonly folders: readonly string[];
} {
  const resources: Resource[] = [];
  const folders: string[] = [];
  const see = (node: string, file: string): void => {
    try {
      const path = pathOf(folder, node, file);
      const text = readText(path);
      if (text !== undefined && read.get(path)?.text !== text)
        read.set(path, {text, content: contentOf(text)});
      const content = text === undefined ? undefined : read.get(path)?.content;
      if (content !== undefined) resources.push(nodeFileResource(node, file, redact(content)));
    } catch {
      // What can't be read is as if it were not there: the kubelet tells what is wrong with it.
    }
  };
  /** Of a kubeconfig only who may read it is told: the rest is a credential. */
  const seeMode = (node: string, file: string): void => {
    const stat = lstatSync(pathOf(folder, node, file), {throwIfNoEntry: false});
    if (stat) resources.push(kubeconfigFileResource(node, file, stat.mode));
  };
  const walk = (node: string, below: string): void => {
    folders.push(join(folder, node, below));
    for (const entry of entriesOf(join(folder, node, below))) {
      if (entry.isDirectory() && !left.has(entry.name)) walk(node, `${below}/${entry.name}`);
      else if (entry.isFile() && yamlFile.test(entry.name)) see(node, `${below}/${entry.name}`);
      else if (entry.isFile() && kubeconfigFile.test(entry.name)) seeMode(node, `${below}/${entry.name}`);
    }
  };
  for (const {name} of entriesOf(folder).filter(
    (entry) => entry.isDirectory() && nodeName.test(entry.name),
  )) {
    walk(name, '/etc/kubernetes');
    folders.push(join(folder, name, '/var/lib/kubelet'));
    see(name, kubeletConfigFile);
  }
  return {resources, folders};
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, {withFileTypes: true});
  } catch {
    return [];
  }
}
