import {isArray, isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {type Kind, kinds} from './differential-kinds.ts';
import type {Case} from './differential-requests.ts';

/** Numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Place = readonly (string | number)[];

function placesOf(value: Json, at: Place = []): Place[] {
  const below = isArray(value)
    ? value.flatMap((item, index) => placesOf(item, [...at, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, item]) =>
          item === undefined ? [] : placesOf(item, [...at, key]),
        )
      : [];
  return at.length > 0 ? [at, ...below] : below;
}

function withValue(value: Json, [key, ...rest]: Place, change: (old: Json) => Json | undefined): Json {
  if (isArray(value)) {
    return value.flatMap((item, index): readonly Json[] => {
      if (index !== key) return [item];
      const changed = rest.length > 0 ? withValue(item, rest, change) : change(item);
      return changed === undefined ? [] : [changed];
    });
  }
  const result: Record<string, Json> = {...(value as Record<string, Json>)};
  const changed = rest.length > 0 ? withValue(result[key!]!, rest, change) : change(result[key!]!);
  if (changed === undefined) delete result[key!];
  else result[key!] = changed;
  return result;
}

const odd: readonly Json[] = [
  '',
  'x',
  'A b',
  0,
  -1,
  1,
  70_000,
  1.5,
  true,
  null,
  [],
  {},
  'z'.repeat(64),
  '10Gi',
  '150%',
  '10.1.2.3/8',
  '010.0.0.0/9',
  '::1/64',
  {x: 1},
  ['x'],
  [1],
];

const valueAt = (value: Json, place: Place): Json | undefined =>
  place.reduce<Json | undefined>(
    (at, key) => (isArray(at) ? at[key as number] : isObject(at) ? at[key] : undefined),
    value,
  );

/** What the object looks like after one change, as the three kinds of patches say it. */
export function patchOf(type: string, place: Place, value: Json | undefined): Json {
  if (type === 'json') {
    const path = `/${place.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
    return [value === undefined ? {op: 'remove', path} : {op: 'replace', path, value}];
  }
  return place.reduceRight<Json>(
    (inner, key) => (typeof key === 'number' ? [inner] : {[key]: inner}),
    value ?? null,
  );
}

const nameOf = ({object}: Kind): string => String((object.metadata as JsonObject).name);
export const versionOf = ({path}: Kind): string => {
  const [, root, ...rest] = path.split('/');
  return root === 'api' ? rest[0]! : `${rest[0]}/${rest[1]}`;
};

/** Objects that later requests change. */
export const generatedSetup: readonly Case[] = kinds
  .filter(({path}) => !path.endsWith('/pods'))
  .map(({path, object}) => ({name: `make ${path}`, method: 'POST', path, body: object}));

export type Picker = {
  next(): number;
  pick<T>(list: readonly T[]): T;
};

const validations = ['', '&fieldValidation=Strict', '&fieldValidation=Ignore'];
const somebody: Readonly<Record<string, string>> = {'impersonate-user': 'somebody'};
const grouped: Readonly<Record<string, string>> = {
  'impersonate-user': 'somebody',
  'impersonate-group': 'system:masters',
};

type Changed = {
  readonly object: JsonObject;
  readonly place: Place;
  readonly value: Json | undefined;
  readonly label: string;
};

/** A valid object with one place of it another value, gone, or with a field that nobody knows. */
export function changedObject(object: JsonObject, {next, pick}: Picker): Changed {
  const places = placesOf(object).filter((place) => place[0] !== 'kind' && place[0] !== 'apiVersion');
  const place = pick(places);
  const action = next();
  const value: Json | undefined = action < 0.25 ? undefined : pick(odd);
  const before = valueAt(object, place);
  if (action > 0.93 && isObject(before)) {
    const extended = withValue(object, place, () => ({...before, nope: 1}));
    return {object: extended as JsonObject, place, value: {nope: 1}, label: `${place.join('.')} = +nope`};
  }
  const changed = withValue(object, place, () => value) as JsonObject;
  return {object: changed, place, value, label: `${place.join('.')} = ${JSON.stringify(value)}`};
}

/** A create, replace, patch or apply with one changed place. */
function write(kind: Kind, picker: Picker, title: string): Case {
  const {path} = kind;
  const {pick} = picker;
  const {object, place, value, label} = changedObject(kind.object, picker);
  const query = `?dryRun=All${pick(validations)}`;
  const verbs = path.endsWith('/pods')
    ? ['POST', 'apply']
    : ['POST', 'PUT', 'json', 'merge', 'strategic-merge', 'apply'];
  const verb = pick(verbs);
  const name = `${title} ${verb} ${path.split('/').at(-1)} ${label}${query.slice(11)}`;
  const at = `${path}/${nameOf(kind)}`;
  if (verb === 'POST') {
    const metadata = isObject(object.metadata) ? object.metadata : undefined;
    const renamed =
      metadata?.name === nameOf(kind) ? {...object, metadata: {...metadata, name: 'new'}} : object;
    return {name, method: 'POST', path: `${path}${query}`, body: renamed};
  }
  if (verb === 'PUT') return {name, method: 'PUT', path: `${at}${query}`, body: object};
  if (verb === 'apply') {
    const force = pick(['', '&force=true']);
    const body = {apiVersion: versionOf(kind), kind: kind.kind, ...object};
    return {
      name: `${name}${force}`,
      method: 'PATCH',
      path: `${at}${query}&fieldManager=applier${force}`,
      body,
      type: 'apply',
    };
  }
  return {name, method: 'PATCH', path: `${at}${query}`, body: patchOf(verb, place, value), type: verb};
}

/** A write of the status, or of the number of replicas. */
function subresource(picker: Picker, title: string): Case {
  const {pick} = picker;
  const kind = pick(kinds.filter(({status, scales}) => status !== undefined || scales));
  const sub = kind.status && (!kind.scales || picker.next() < 0.5) ? 'status' : 'scale';
  const at = `${kind.path}/${nameOf(kind)}/${sub}`;
  const whole: JsonObject =
    sub === 'status'
      ? {...kind.object, status: kind.status ?? {}}
      : {
          apiVersion: 'autoscaling/v1',
          kind: 'Scale',
          metadata: {name: nameOf(kind), namespace: '$ns'},
          spec: {replicas: 0},
        };
  const {object, place, value, label} = changedObject(whole, picker);
  const verb = pick(['GET', 'PUT', 'json', 'merge', 'strategic-merge']);
  const name = `${title} ${verb} ${kind.path.split('/').at(-1)}/${sub} ${label}`;
  if (verb === 'GET') return {name, path: at};
  if (verb === 'PUT') return {name, method: 'PUT', path: `${at}?dryRun=All`, body: object};
  const body = patchOf(verb, place, value);
  return {name, method: 'PATCH', path: `${at}?dryRun=All`, body, type: verb};
}

const accepts: readonly (Readonly<Record<string, string>> | undefined)[] = [
  undefined,
  {accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'},
  {accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'},
  {accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'},
  {accept: 'text/html'},
];

const selections = [
  '',
  'labelSelector=a',
  'labelSelector=a=b',
  'labelSelector=a!=b,!c',
  'labelSelector=a+in+(b,c)',
  'labelSelector=a+notin+(b)',
  'labelSelector=a+in+b',
  'labelSelector=a=b=c',
  'labelSelector=%21',
  'labelSelector=a,,b',
  'labelSelector=-a=b',
  'labelSelector=a>1',
  'labelSelector=a>x',
  'fieldSelector=metadata.name=g',
  'fieldSelector=metadata.name!=g',
  'fieldSelector=metadata.namespace=$ns,metadata.name=g',
  'fieldSelector=spec.nope=1',
  'fieldSelector=metadata.name',
  'fieldSelector=status.phase=Running',
  'fieldSelector=type=Opaque',
  'limit=1',
  'limit=x',
  'limit=-1',
  'limit=0',
  'continue=x',
  'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ',
  'resourceVersion=x',
  'resourceVersion=0&resourceVersionMatch=Exact',
  'resourceVersion=0&resourceVersionMatch=NotOlderThan',
  'resourceVersionMatch=Exact',
  'resourceVersion=0&resourceVersionMatch=x',
  'timeoutSeconds=x',
  'includeObject=x',
];

/** A list or a get, in one of the forms that a client may ask for. */
function read(kind: Kind, {pick, next}: Picker, title: string): Case {
  const headers = pick(accepts);
  // What else the whole cluster holds is each cluster's own.
  const single = !kind.path.includes('$ns') || next() < 0.3;
  const selected = single
    ? pick(['', 'resourceVersion=0', 'resourceVersion=x', 'includeObject=None'])
    : pick(selections);
  const path = `${kind.path}${single ? `/${pick([nameOf(kind), 'nothing', 'A%20b'])}` : ''}${selected ? `?${selected}` : ''}`;
  const name = `${title} GET ${path} as ${headers?.accept ?? 'json'}`;
  return {name, path, ...(headers ? {headers} : {})};
}

const deleteBodies: readonly Json[] = [
  null,
  {},
  {propagationPolicy: 'Foreground'},
  {propagationPolicy: 'Orphan'},
  {propagationPolicy: 'x'},
  {gracePeriodSeconds: 0},
  {gracePeriodSeconds: -1},
  {gracePeriodSeconds: 'x'},
  {preconditions: {uid: 'x'}},
  {preconditions: {resourceVersion: '1'}},
  {orphanDependents: true},
  {orphanDependents: true, propagationPolicy: 'Orphan'},
  {nope: 1},
  {kind: 'DeleteOptions', apiVersion: 'v1'},
  {kind: 'Pod', apiVersion: 'v1'},
  [],
  'x',
];

function remove(kind: Kind, {pick}: Picker, title: string): Case {
  const isShared = !kind.path.includes('$ns');
  const target = pick([`/${nameOf(kind)}`, `/${nameOf(kind)}`, '/nothing', isShared ? '/g' : '']);
  const body = pick(deleteBodies);
  const query = pick([
    '?dryRun=All',
    '?dryRun=All&propagationPolicy=Background',
    '?dryRun=All&propagationPolicy=x',
    '?dryRun=All&gracePeriodSeconds=5',
    '?dryRun=x',
    ...(target === '' ? ['?dryRun=All&labelSelector=nobody', '?dryRun=All&fieldSelector=x'] : []),
  ]);
  const path = `${kind.path}${target}${query}`;
  const name = `${title} DELETE ${kind.path.split('/').at(-1)}${target}${query} ${JSON.stringify(body)}`;
  // A body takes the place of the query, so it has to ask for the dry run too.
  const dry = isObject(body) ? {...body, dryRun: ['All']} : body;
  return {name, method: 'DELETE', path, ...(dry === null ? {} : {body: dry})};
}

const malformed: readonly {readonly raw: string; readonly media: string}[] = [
  {raw: '', media: 'application/json'},
  {raw: '{', media: 'application/json'},
  {raw: '[]', media: 'application/json'},
  {raw: 'null', media: 'application/json'},
  {raw: '"x"', media: 'application/json'},
  {raw: '{"metadata":{"name":"new"},"metadata":{"name":"new"}}', media: 'application/json'},
  {raw: '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"new"}}', media: 'application/json'},
  {raw: '{"kind":"Nope","apiVersion":"v1"}', media: 'application/json'},
  {raw: '{"kind":"Nope","apiVersion":"nope/v1"}', media: 'application/json'},
  {raw: '{"kind":1}', media: 'application/json'},
  {raw: '{"apiVersion":"a/b/c"}', media: 'application/json'},
  {raw: 'metadata: {name: new}', media: 'application/yaml'},
  {raw: 'a: b: c', media: 'application/yaml'},
  {raw: '{}', media: 'text/plain'},
  {raw: '{}', media: 'application/merge-patch+json'},
  {raw: '[]', media: 'application/json-patch+json'},
  {raw: '{}', media: 'application/json-patch+json'},
  {raw: '[{"op":"nope","path":"/x"}]', media: 'application/json-patch+json'},
  {raw: '[{"op":"add","path":"x"}]', media: 'application/json-patch+json'},
  {raw: '[{"op":"test","path":"/metadata/name","value":"x"}]', media: 'application/json-patch+json'},
  {raw: '[{"op":"remove","path":"/nope/x"}]', media: 'application/json-patch+json'},
  {raw: '[{"op":"copy","path":"/metadata/labels/x"}]', media: 'application/json-patch+json'},
  {raw: '[]', media: 'application/merge-patch+json'},
  {raw: '{', media: 'application/merge-patch+json'},
  {raw: '[]', media: 'application/strategic-merge-patch+json'},
  {raw: '{"$patch":"nope"}', media: 'application/strategic-merge-patch+json'},
  {raw: '{"metadata":{"$patch":"delete"}}', media: 'application/strategic-merge-patch+json'},
  {
    raw: '{"metadata":{"labels":{"$patch":"replace","x":"y"}}}',
    media: 'application/strategic-merge-patch+json',
  },
  {raw: '{', media: 'application/apply-patch+yaml'},
  {raw: '[]', media: 'application/apply-patch+yaml'},
  {raw: '{}', media: 'application/apply-patch+yaml'},
];

const queries = [
  '?dryRun=All',
  '?dryRun=All&fieldValidation=Strict',
  '?dryRun=All&fieldValidation=x',
  '?dryRun=x',
  '?dryRun=All&fieldManager=a%01b',
  `?dryRun=All&fieldManager=${'m'.repeat(129)}`,
  '?dryRun=All&force=true',
  '?dryRun=All&pretty=x',
];

/** A body that is none, of another kind or of another media type; a query that can't be. */
function mangled(kind: Kind, {pick}: Picker, title: string): Case {
  const {raw, media} = pick(malformed);
  const isPatch = media.includes('patch');
  const method = isPatch
    ? pick(['PATCH', 'PATCH', 'PATCH', 'POST'] as const)
    : pick(['POST', 'PUT'] as const);
  const query = pick(queries);
  const at = method === 'POST' ? kind.path : `${kind.path}/${pick([nameOf(kind), nameOf(kind), 'nothing'])}`;
  const name = `${title} ${method} ${at}${query} ${media} ${raw}`;
  return {name, method, path: `${at}${query}`, raw, headers: {'content-type': media}};
}

/** Paths and verbs that do not fit. */
function astray(kind: Kind, {pick}: Picker, title: string): Case {
  const method = pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const);
  const tails = [
    '/nothing/nope',
    '/g/status',
    '/g/scale',
    '/g/log',
    ...(kind.path.includes('$ns') ? [''] : []),
    '/g/',
    '/g/x/y',
    's',
    '/g/eviction',
  ];
  const tail = pick(tails);
  const path = `${kind.path}${tail}${method === 'GET' ? '' : '?dryRun=All'}`;
  const body = method === 'GET' ? {} : {body: method === 'DELETE' ? {dryRun: ['All']} : {}};
  const type = method === 'PATCH' ? {type: 'merge'} : {};
  return {name: `${title} ${method} ${path}`, method, path, ...body, ...type};
}

/** Requests of every sort about every kind: most are dry runs with one thing wrong. */
export function generatedCases(seed: number, count: number): readonly Case[] {
  const next = random(seed);
  const picker: Picker = {next, pick: (list) => list[Math.floor(next() * list.length)]!};
  return Array.from({length: count}, (_, index): Case => {
    const title = `${seed}/${index}`;
    const kind = picker.pick(kinds);
    const sort = next();
    const made =
      sort < 0.62
        ? write(kind, picker, title)
        : sort < 0.69
          ? subresource(picker, title)
          : sort < 0.79
            ? read(kind, picker, title)
            : sort < 0.86
              ? remove(kind, picker, title)
              : sort < 0.96
                ? mangled(kind, picker, title)
                : astray(kind, picker, title);
    const who = next();
    if (who > 0.05) return made;
    const [label, as] = who < 0.03 ? (['somebody', somebody] as const) : (['grouped', grouped] as const);
    return {...made, name: `${made.name} as ${label}`, headers: {...made.headers, ...as}};
  });
}
