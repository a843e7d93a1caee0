import {isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {changedObject, type Picker, patchOf, random, versionOf} from './differential-generated.ts';
import {type Kind, kinds} from './differential-kinds.ts';
import type {Case} from './differential-requests.ts';

/** Requests that write one object again and again; after a first difference the rest says nothing. */
export type Story = readonly Case[];

/** Not of these: others count them, or a controller writes them meanwhile. */
const apart = new Set([
  ...['pods', 'resourcequotas', 'limitranges'],
  ...['jobs', 'deployments', 'replicasets', 'daemonsets', 'persistentvolumeclaims', 'poddisruptionbudgets'],
]);
export const storyKinds: readonly Kind[] = kinds.filter(
  ({path}) => path.includes('$ns') && !apart.has(path.split('/').at(-1)!),
);

const managers = ['one', 'two', 'three'];
const deletions: readonly Json[] = [
  {},
  {propagationPolicy: 'Background'},
  {gracePeriodSeconds: 0},
  {preconditions: {resourceVersion: '1'}},
  {preconditions: {uid: 'x'}},
];
const labels: readonly JsonObject[] = [{}, {a: 'b'}, {a: 'c', d: 'e'}];

const pluralOf = ({path}: Kind): string => path.split('/').at(-1)!;

type Step = (kind: Kind, name: string, picker: Picker) => Case;

const named = (kind: Kind, name: string, object: JsonObject): JsonObject => ({
  apiVersion: versionOf(kind),
  kind: kind.kind,
  ...object,
  metadata: {...(isObject(object.metadata) ? object.metadata : {}), name},
});

type Wanted = {readonly object: JsonObject; readonly label: string};

/** The kind's object, mostly with a field less or another value: managers differ in what they want. */
function wanted(kind: Kind, {next, pick}: Picker): Wanted {
  const own = pick(labels);
  const whole = {...kind.object, metadata: {...(kind.object.metadata as JsonObject), labels: own}};
  const label = `labels ${JSON.stringify(own)}`;
  if (next() < 0.4) return {object: whole, label};
  const changed = changedObject(whole, {next, pick});
  // Null for what is not there is tried with one apply among the generated requests.
  return changed.value === null ? {object: whole, label} : {...changed, label: `${changed.label} ${label}`};
}

const query = (manager: string, more = ''): string => `?fieldManager=${manager}${more}`;

const apply: Step = (kind, name, picker) => {
  const manager = picker.pick(managers);
  const force = picker.next() < 0.4 ? '&force=true' : '';
  const {object, label} = wanted(kind, picker);
  const path = `${kind.path}/${name}${query(manager, force)}`;
  const body = named(kind, name, object);
  return {
    name: `apply ${pluralOf(kind)} ${label} ${manager}${force}`,
    method: 'PATCH',
    path,
    body,
    type: 'apply',
  };
};
const patch: Step = (kind, name, picker) => {
  const type = picker.pick(['json', 'merge', 'strategic-merge']);
  const manager = picker.pick(managers);
  const {place, value, label} = changedObject(kind.object, picker);
  const path = `${kind.path}/${name}${query(manager)}`;
  const isName = place[0] === 'metadata';
  const body = isName ? {metadata: {annotations: {[manager]: 'x'}}} : patchOf(type, place, value);
  const how = isName ? 'merge' : type;
  return {name: `${how} ${pluralOf(kind)} ${label} ${manager}`, method: 'PATCH', path, body, type: how};
};
const replace: Step = (kind, name, picker) => {
  const manager = picker.pick(managers);
  const {object, label} = wanted(kind, picker);
  const path = `${kind.path}/${name}${query(manager)}`;
  return {
    name: `PUT ${pluralOf(kind)} ${label} ${manager}`,
    method: 'PUT',
    path,
    body: named(kind, name, object),
  };
};
const create: Step = (kind, name, picker) => {
  const manager = picker.pick(managers);
  const {object, label} = wanted(kind, picker);
  const path = `${kind.path}${query(manager)}`;
  return {
    name: `POST ${pluralOf(kind)} ${label} ${manager}`,
    method: 'POST',
    path,
    body: named(kind, name, object),
  };
};
const metadata: Step = (kind, name, {pick}) => {
  const manager = pick(managers);
  const change = pick<JsonObject>([
    {finalizers: ['example.com/one']},
    {finalizers: ['example.com/one', 'example.com/two']},
    {finalizers: null},
    {finalizers: []},
    {labels: {a: 'x'}},
    {labels: null},
    {annotations: {[manager]: 'y'}},
    {managedFields: [{}]},
    {resourceVersion: '1'},
  ]);
  const path = `${kind.path}/${name}${query(manager)}`;
  const body = {metadata: change};
  return {
    name: `merge ${pluralOf(kind)} metadata = ${JSON.stringify(change)} ${manager}`,
    method: 'PATCH',
    path,
    body,
    type: 'merge',
  };
};
const status: Step = (kind, name, picker) => {
  const manager = picker.pick(managers);
  const path = `${kind.path}/${name}/status${query(manager)}`;
  const body = {status: kind.status ?? {}, metadata: {labels: {s: 't'}, annotations: {s: manager}}};
  return {name: `merge ${pluralOf(kind)}/status ${manager}`, method: 'PATCH', path, body, type: 'merge'};
};
const scale: Step = (kind, name, {pick}) => {
  const body = {spec: {replicas: pick<Json>([0, 0, -1, 'x', null])}};
  const path = `${kind.path}/${name}/scale${query(pick(managers))}`;
  return {
    name: `merge ${pluralOf(kind)}/scale ${JSON.stringify(body)}`,
    method: 'PATCH',
    path,
    body,
    type: 'merge',
  };
};
const remove: Step = (kind, name, {pick}) => {
  const body = pick(deletions);
  return {
    name: `DELETE ${pluralOf(kind)} ${JSON.stringify(body)}`,
    method: 'DELETE',
    path: `${kind.path}/${name}`,
    body,
  };
};
const look: Step = (kind, name, {pick}) => {
  const accept = pick(['application/json', 'application/json;as=Table;v=v1;g=meta.k8s.io']);
  return {name: `GET ${pluralOf(kind)} as ${accept}`, path: `${kind.path}/${name}`, headers: {accept}};
};

const steps: readonly Step[] = [
  apply,
  apply,
  apply,
  apply,
  patch,
  patch,
  replace,
  create,
  metadata,
  remove,
  look,
];

/** Stories of the seed: each with an object of its own, begun by a create or an apply. */
export function storiesOf(seed: number, count: number): readonly Story[] {
  const next = random(seed * 7919);
  const picker: Picker = {next, pick: (list) => list[Math.floor(next() * list.length)]!};
  return Array.from({length: count}, (_, index): Story => {
    const kind = picker.pick(storyKinds);
    const name = `story-${seed}-${index}`;
    const more = [...steps, ...(kind.status ? [status] : []), ...(kind.scales ? [scale] : [])];
    const length = 4 + Math.floor(next() * 6);
    return Array.from({length}, (_, place) => {
      const step = place === 0 ? picker.pick([create, apply]) : picker.pick(more);
      const made = step(kind, name, picker);
      return {...made, name: `story ${seed}/${index}.${place} ${made.name}`};
    });
  });
}
