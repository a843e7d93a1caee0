import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, vi} from 'vitest';
import type {Change, Edit, Step} from '../../src/engine/change.ts';
import type {Json} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import type {Path} from '../../src/engine/path.ts';
import {type ManifestsTarget, manifestsTarget} from '../../src/target/manifests.ts';
import type {TargetEvent} from '../../src/target/target.ts';

/** A folder of manifests of its own for each test. */
export type Folder = {
  readonly root: string;
  put(path: string, text: string | Uint8Array): void;
  get(path: string): string;
  /** The target over some paths of the folder, else over all of it. */
  open(...paths: readonly string[]): ManifestsTarget;
};

/** Makes the folder before each test of a file, and removes it after. */
export function manifestsFolder(): Folder {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kubekata-target-'));
  });
  afterEach(() => {
    rmSync(root, {recursive: true});
    vi.unstubAllEnvs();
  });
  return {
    get root() {
      return root;
    },
    put(path, text) {
      mkdirSync(dirname(join(root, path)), {recursive: true});
      writeFileSync(join(root, path), text);
    },
    get: (path) => readFileSync(join(root, path), 'utf8'),
    open: (...paths) => manifestsTarget({paths: paths.length > 0 ? paths : [root], folder: root}),
  };
}

export const pod = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: home\nspec:\n  containers:\n  - name: web\n    image: x\n${more}`;
export const account = (name: string): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: home}\n`;

export const resources = (events: readonly TargetEvent[]): readonly Resource[] =>
  events.flatMap((event) => (event.type === 'set' ? [event.resource] : []));
export const unreadable = (events: readonly TargetEvent[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    events.flatMap((event) => (event.type === 'unreadable' ? [[event.source, event.message]] : [])),
  );

export const set = (json: Json, ...path: Path): Edit => ({op: 'set', path, value: {json}});
export const remove = (...path: Path): Edit => ({op: 'remove', path});
export const change = (...steps: readonly Step[]): Change => ({id: 'test', steps});
export const ref = (kind: string, name: string, namespace = 'home') => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  namespace,
  name,
});
export const edit = (kind: string, name: string, ...edits: readonly Edit[]): Step => ({
  do: 'edit',
  object: ref(kind, name),
  edits,
});
export const noToken = set(false, 'automountServiceAccountToken');
export const limits = (name = 'limits'): Step => ({
  do: 'create',
  id: 'limits',
  object: {
    base: {apiVersion: 'v1', kind: 'LimitRange', metadata: {name, namespace: 'home'}},
    edits: [set([{type: 'Container', default: {cpu: '1'}}], 'spec', 'limits')],
  },
});
