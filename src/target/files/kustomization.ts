import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {asArray, asObject, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {parseYaml, toJson} from './yaml.ts';

export const kustomizationNames: ReadonlySet<string> = new Set([
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
]);

/** A kustomization as far as it tells which files are objects. Paths are absolute. */
export type Kustomization = {
  readonly folder: string;
  /** Files and folders that it builds on. */
  readonly resources: readonly string[];
  /** Addresses that it would fetch. */
  readonly remote: readonly string[];
  /** Files that are parts of objects or settings, and no objects of their own. */
  readonly parts: readonly string[];
  /** A component is only built as a part of others. */
  readonly isComponent: boolean;
  /** Whether what it builds differs from its resources in more than names, namespace, labels and images. */
  readonly changesObjects: boolean;
};

const resourceFields = ['resources', 'bases', 'components', 'crds'];
const patchFields = ['patches', 'patchesStrategicMerge', 'patchesJson6902', 'replacements'];
const partFields = ['configurations', 'generators', 'transformers', 'validators', 'openapi'];
const changing = [
  ...patchFields,
  'components',
  'configMapGenerator',
  'secretGenerator',
  'generators',
  'transformers',
  'helmCharts',
  'helmChartInflationGenerator',
  'vars',
];

const isRemote = (path: string): boolean => /:\/\/|^git@|^(?:[\w-]+\.)+[a-z]+\/.*\/|\?ref=/.test(path);

/** @throws {Error} when it can't be read or parsed; the message is no sentence. */
export function readKustomization(folder: string): Kustomization {
  const name = readdirSync(folder).find((entry) => kustomizationNames.has(entry)) ?? 'kustomization.yaml';
  const [document] = parseYaml(readFileSync(join(folder, name), 'utf8'));
  const error = document?.errors[0];
  if (error) throw error;
  const data = asObject(document ? toJson(document) : undefined);
  const named = resourceFields.flatMap((field) => strings(data[field]));
  const parts = [
    ...patchFields.flatMap((field) => asArray(data[field]).flatMap(partOf)),
    ...partFields.flatMap((field) => strings(data[field])),
    ...strings(asObject(data.openapi).path),
    ...generatorFiles(data),
  ];
  return {
    folder,
    resources: named.filter((path) => !isRemote(path)).map((path) => resolve(folder, path)),
    remote: named.filter(isRemote),
    parts: parts.map((path) => resolve(folder, path)),
    isComponent: data.kind === 'Component',
    changesObjects: changing.some((field) => field in data),
  };
}

const strings = (value: Json | undefined): readonly string[] =>
  (typeof value === 'string' ? [value] : asArray(value)).filter((item) => typeof item === 'string');

// An entry is a path, an inline patch, or an object with a path.
const partOf = (entry: Json): readonly string[] =>
  isObject(entry) ? strings(entry.path) : strings(entry).filter((text) => !text.includes('\n'));

const generatorFiles = (data: JsonObject): readonly string[] =>
  ['configMapGenerator', 'secretGenerator'].flatMap((field) =>
    asArray(data[field]).flatMap((entry) => {
      const {files, envs, env} = asObject(entry);
      return [...strings(files), ...strings(envs), ...strings(env)].map((file) =>
        file.replace(/^[^=]*=/, ''),
      );
    }),
  );

/** All files and folders that a kustomization builds on, itself included. */
export function reachable(start: Kustomization, all: ReadonlyMap<string, Kustomization>) {
  const kustomizations = new Set<Kustomization>([start]);
  const files = new Set<string>();
  for (const one of kustomizations) {
    for (const path of one.resources) {
      const next = all.get(path);
      if (next) kustomizations.add(next);
      else if (statSync(path, {throwIfNoEntry: false})?.isFile()) files.add(path);
    }
    for (const path of one.parts) files.add(path);
  }
  return {
    kustomizations: [...kustomizations],
    files: [...files],
    remote: [...kustomizations].flatMap(({remote}) => remote),
  };
}
