import type {Json, JsonObject} from '../../../src/engine/json.ts';

/** One request, sent to the practice cluster and to a real one. `$ns` in a path is the namespace of the run. */
export type Case = {
  readonly name: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: Json;
  /** Instead of a body: what is sent as it stands, with its media type in `headers`. */
  readonly raw?: string;
  /** Media type of the body; of a patch: json, merge, strategic-merge. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export const ns = '/api/v1/namespaces/$ns';
export const apps = '/apis/apps/v1/namespaces/$ns';
export const batch = '/apis/batch/v1/namespaces/$ns';
export const networking = '/apis/networking.k8s.io/v1/namespaces/$ns';
export const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/$ns';
export const strict = '?fieldValidation=Strict';
export const dry = '?dryRun=All';

export const meta = (name: string, more: JsonObject = {}): JsonObject => ({metadata: {name, ...more}});
export const container = (more: JsonObject = {}): JsonObject => ({name: 'c', image: 'nginx:1', ...more});
export const pod = (name: string, spec: JsonObject = {}, one: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  ...meta(name),
  spec: {containers: [container(one)], ...spec},
});
export const template = (spec: JsonObject = {}, one: JsonObject = {}): JsonObject => ({
  metadata: {labels: {app: 'a'}},
  spec: {containers: [container(one)], ...spec},
});
export const workload = (
  kind: string,
  name: string,
  spec: JsonObject = {},
  podSpec: JsonObject = {},
): JsonObject => ({
  apiVersion: 'apps/v1',
  kind,
  ...meta(name),
  spec: {selector: {matchLabels: {app: 'a'}}, template: template(podSpec), ...spec},
});
export const deployment = (name: string, spec: JsonObject = {}, podSpec: JsonObject = {}): JsonObject =>
  workload('Deployment', name, {replicas: 0, ...spec}, podSpec);
export const job = (
  name: string,
  spec: JsonObject = {},
  podSpec: JsonObject = {restartPolicy: 'Never'},
): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  ...meta(name),
  spec: {suspend: true, template: {spec: {containers: [container()], ...podSpec}}, ...spec},
});

export const create = (name: string, path: string, body: Json): Case => ({name, method: 'POST', path, body});
export const pods = (name: string, spec: JsonObject, one: JsonObject = {}): Case =>
  create(`pod: ${name}`, `${ns}/pods${dry}`, pod('p', spec, one));
export const patch = (name: string, type: string, path: string, body: Json): Case => ({
  name: `${type}: ${name}`,
  method: 'PATCH',
  path,
  body,
  type,
});
export const web = `${apps}/deployments/web`;

/** What controllers of the real cluster make in a namespace, and pages of lists would show or not. */
export const madeByControllers: readonly Case[] = [
  {name: 'account', path: '/api/v1/namespaces/$ns/serviceaccounts', body: {metadata: {name: 'default'}}},
  {
    name: 'authority',
    path: '/api/v1/namespaces/$ns/configmaps',
    body: {metadata: {name: 'kube-root-ca.crt'}},
  },
].map((item) => ({...item, method: 'POST'}));
