// Writes src/practice/data/schema.json and resources.json: what the practice cluster knows of the Kubernetes API's
// types, from the Go types (schema-types.go) and from a running API server (discovery, OpenAPI v3, table columns).
// Usage: node scripts/schema.mjs KUBECONFIG. Needs kubectl and Go on PATH. Only maintainers run it.
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const kubeconfig = process.argv[2];
if (!kubeconfig) {
  console.error('Usage: node scripts/schema.mjs KUBECONFIG');
  process.exit(2);
}
const data = fileURLToPath(new URL('../src/practice/data/', import.meta.url));
const run = (command, args, options = {}) =>
  execFileSync(command, args, {encoding: 'utf8', maxBuffer: 1e9, ...options});
const raw = (path) => JSON.parse(run('kubectl', ['--kubeconfig', kubeconfig, 'get', '--raw', path]));

/** Go types as JSON, from the modules of the version that the server runs. */
function goTypes(version) {
  if (process.env.GO_TYPES) return JSON.parse(run('cat', [process.env.GO_TYPES]));
  const folder = mkdtempSync(join(tmpdir(), 'schema-'));
  const modules = ['api', 'apimachinery', 'apiextensions-apiserver', 'kube-aggregator', 'client-go'];
  const requires = modules.map((name) => `require k8s.io/${name} ${version}\n`).join('');
  writeFileSync(join(folder, 'go.mod'), `module schema\ngo 1.26\n${requires}`);
  copyFileSync(fileURLToPath(new URL('schema-types.go', import.meta.url)), join(folder, 'main.go'));
  run('go', ['mod', 'tidy'], {cwd: folder, stdio: ['ignore', 'ignore', 'inherit']});
  const types = JSON.parse(run('go', ['run', '.'], {cwd: folder}));
  rmSync(folder, {recursive: true});
  return types;
}

const shortName = (name) =>
  name
    .replace(
      /^io\.k8s\.(api|apimachinery\.pkg\.apis|apiextensions-apiserver\.pkg\.apis|kube-aggregator\.pkg\.apis)\./,
      '',
    )
    .replaceAll('.', '/')
    .replace(/\/([^/]+)$/, '.$1');

const scalars = {
  string: 's',
  bool: 'b',
  int: 'I',
  int32: 'i',
  int64: 'I',
  uint8: 'i',
  float64: 'n',
  bytes: 'y',
  '!Time': 't',
  '!MicroTime': 'T',
  '!Duration': 's',
  '!Quantity': 'Q',
  '!IntOrString': 'q',
};
const goNames = {
  s: 'string',
  b: 'bool',
  i: 'int32',
  I: 'int64',
  n: 'float64',
  y: '[]uint8',
  t: 'v1.Time',
  T: 'v1.MicroTime',
  Q: 'resource.Quantity',
  q: 'intstr.IntOrString',
};

function shape(type) {
  if (type[0] === '[' || type[0] === '{') return type[0] + shape(type.slice(1));
  if (type[0] === '@') return type;
  return scalars[type] ?? 'o';
}

function derivedGoType(type) {
  if (type[0] === '[') return `[]${derivedGoType(type.slice(1))}`;
  if (type[0] === '{') return `map[string]${derivedGoType(type.slice(1))}`;
  if (type[0] === '@') return type.replace(/^@.*\/([^/.]+)\.([^.]+)$/, '$1.$2');
  return goNames[type] ?? '';
}

function compact(field, property, required) {
  const type = shape(field.type);
  let text = type + (field.pointer ? '*' : '') + (field.omitZero ? '^' : field.omit ? '~' : '');
  if (field.number) text += ` #${field.number}`;
  if (required) text += ' r';
  if (field.strategy) text += ` s=${field.strategy}`;
  if (field.mergeKey) text += ` k=${field.mergeKey}`;
  const list = property?.['x-kubernetes-list-type'];
  if (list === 'map') text += ` l=${property['x-kubernetes-list-map-keys'].join(',')}`;
  else if (list) text += ` l=!${list}`;
  if (property?.['x-kubernetes-map-type'] === 'atomic') text += ' x';
  const values = property?.enum ?? property?.items?.enum;
  if (values) text += ` e=${values.join('|')}`;
  if (type !== 'o' && field.goType !== derivedGoType(type)) text += ` g=${field.goType}`;
  return text;
}

const version = raw('/version').gitVersion;
const go = goTypes(version.replace('v1.', 'v0.'));
const properties = new Map();
for (const {serverRelativeURL} of Object.values(raw('/openapi/v3').paths)) {
  for (const [name, schema] of Object.entries(raw(serverRelativeURL).components?.schemas ?? {}))
    properties.set(shortName(name), schema);
}

const types = {};
function add(name) {
  if (types[name]) return;
  const schema = properties.get(name);
  const fields = {};
  types[name] = fields;
  if (schema?.['x-kubernetes-map-type'] === 'atomic') fields['!'] = 'x';
  for (const field of go.types[name].fields ?? []) {
    const property = schema?.properties?.[field.name];
    fields[field.name] = compact(field, property, schema?.required?.includes(field.name));
    const reference = /@(.*)$/.exec(shape(field.type));
    if (reference) add(reference[1]);
    if (field.type.startsWith('!JSONSchema')) add('apiextensions/v1.JSONSchemaProps');
  }
}

const kinds = {};
const addKind = (group, apiVersion, kind) => {
  const key = `${group ? `${group}/` : ''}${apiVersion}/${kind}`;
  const name = go.kinds[key];
  if (!name) throw new Error(`There is no Go type for ${key}.`);
  kinds[key] = name;
  add(name);
};

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const {connect} = await import('./schema-client.mjs');
const get = connect(run('kubectl', ['--kubeconfig', kubeconfig, 'config', 'view', '--raw', '-o', 'json']));
const groups = [];
for (const path of ['/api', '/apis']) {
  for (const item of (await get(path, accept)).items) {
    const group = item.metadata?.name ?? '';
    const versions = [];
    for (const {version: name, resources} of item.versions) {
      const base = group ? `/apis/${group}/${name}` : `/api/${name}`;
      const listed = [];
      for (const resource of resources) {
        const {kind, group: kindGroup, version: kindVersion} = resource.responseKind ?? {};
        if (kind && resource.verbs.length > 0)
          addKind(kindGroup || (kindVersion ? '' : group), kindVersion || name, kind);
        for (const sub of resource.subresources ?? []) {
          const of = sub.responseKind;
          if (of?.kind && !/Options$/.test(of.kind))
            addKind(of.group || (of.version ? '' : group), of.version || name, of.kind);
        }
        const table = resource.verbs.includes('list')
          ? (await get(`${base}/${resource.resource}?limit=1`, tableAccept)).columnDefinitions
          : undefined;
        listed.push({
          ...resource,
          columns: table?.map((column) => [column.name, column.type, column.format, String(column.priority)]),
        });
      }
      versions.push({version: name, resources: listed});
    }
    groups.push({group, versions});
  }
}
for (const name of ['meta/v1.DeleteOptions', 'meta/v1.Status', 'meta/v1.ManagedFieldsEntry']) add(name);

mkdirSync(data, {recursive: true});
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
const schema = {version, kinds: sorted(kinds), types: sorted(types)};
// One type a line, so that a new version of Kubernetes shows as a readable difference.
const lines = Object.entries(schema.types).map(
  ([name, fields]) => `${JSON.stringify(name)}:${JSON.stringify(fields)}`,
);
writeFileSync(
  join(data, 'schema.json'),
  `{"version":${JSON.stringify(version)},"kinds":${JSON.stringify(schema.kinds)},"types":{\n${lines.join(',\n')}\n}}\n`,
);
writeFileSync(
  join(data, 'resources.json'),
  `[\n${groups.map((group) => JSON.stringify(group)).join(',\n')}\n]\n`,
);
console.log(
  `${Object.keys(types).length} types, ${Object.keys(kinds).length} kinds of Kubernetes ${version}`,
);
