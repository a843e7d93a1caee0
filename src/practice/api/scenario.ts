import {chmodSync, cpSync, existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {asArray, asObject, asString, isObject, type JsonObject} from '../../engine/json.ts';
import {type Context, systemUser} from './context.ts';
import {DecodeError, decode} from './decode.ts';
import type {ApiServer} from './server.ts';

const context: Context = {
  user: systemUser('kubekata-scenario'),
  manager: 'kubectl-client-side-apply',
  dryRun: false,
  warn: () => undefined,
};

type Manifest = {readonly file: string; readonly object: JsonObject};

/** Where the build puts the objects of a scenario: read as JSON, the first start is 300 ms faster. */
export const compiledManifests = 'objects.json';

/** Objects of every `*.yaml` of a folder, in the order of names. @throws {Error} naming file and place. */
export async function readManifests(folder: string): Promise<readonly Manifest[]> {
  const compiled = join(folder, compiledManifests);
  if (existsSync(compiled)) return JSON.parse(readFileSync(compiled, 'utf8')) as readonly Manifest[];
  const {parseAllDocuments} = await import('yaml');
  const found: Manifest[] = [];
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'), {merge: true})) {
      if ('errors' in document && document.errors[0])
        throw new Error(`${file}: ${document.errors[0].message}`);
      const value: unknown = 'toJS' in document ? document.toJS() : null;
      if (!isObject(value)) continue;
      if (value.kind === 'List')
        for (const item of asArray(value.items)) found.push({file, object: asObject(item)});
      else found.push({file, object: value});
    }
  }
  return found;
}

/** Creates the scenario's objects through defaulting and admission. @throws {Error} naming the object refused. */
export async function loadScenario(server: ApiServer, folder: string): Promise<void> {
  const uids = new Map<string, string>();
  const {settings} = server;
  // The nodes of a scenario are ready already.
  const plugins = new Set([...settings.plugins].filter((name) => name !== 'TaintNodesByCondition'));
  server.settings = {...settings, plugins};
  for (const {file, object: written} of await readManifests(folder)) {
    const object = withOwners(written, uids);
    const kind = asString(object.kind);
    const metadata = asObject(object.metadata);
    const info = server.registry.byKind(asString(object.apiVersion), kind);
    const label = `${file}: ${kind} ${asString(metadata.name)}`;
    const declared = asString(metadata.uid);
    if (!info) throw new Error(`${label}: there is no such kind in ${asString(object.apiVersion)}.`);
    try {
      const unknown: string[] = [];
      const draft = decode(info.type, object, unknown);
      if (unknown.length > 0) throw new Error(`unknown field ${unknown.join(', ')}`);
      const namespace = info.namespaced ? asString(metadata.namespace) || 'default' : '';
      const manager = asString(asObject(metadata.annotations)['kubekata.dev/field-manager']);
      const stored = server.createObject(info, namespace, draft, manager ? {...context, manager} : context);
      if (declared) uids.set(declared, asString(stored.metadata.uid));
    } catch (error) {
      if (error instanceof DecodeError || error instanceof Error)
        throw new Error(`${label}: ${error.message}`, {cause: error});
      throw error;
    }
  }
  server.settings = settings;
}

/** A uid that a manifest writes down for an owner becomes the one that the server gave it. */
function withOwners(object: JsonObject, uids: ReadonlyMap<string, string>): JsonObject {
  const metadata = asObject(object.metadata);
  if (metadata.ownerReferences === undefined) return object;
  const ownerReferences = asArray(metadata.ownerReferences).map((item) => {
    const owner = asObject(item);
    return {...owner, uid: uids.get(asString(owner.uid)) ?? asString(owner.uid)};
  });
  return {...object, metadata: {...metadata, ownerReferences}};
}

/** Node files of the scenario, `nodes/NAME/...`, are copied once: from then on they are the person's. */
export function copyNodeFiles(folder: string, directory: string): void {
  const source = join(folder, 'nodes');
  const nodes = join(directory, 'nodes');
  if (!existsSync(source)) return;
  cpSync(source, nodes, {recursive: true});
  for (const file of readdirSync(nodes, {recursive: true, encoding: 'utf8'})) {
    // As kubeadm makes them; a package or a checkout keeps no such mode.
    if (file.endsWith('.conf')) chmodSync(join(nodes, file), 0o600);
  }
}
