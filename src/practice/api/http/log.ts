import {asArray, asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {ApiError, badRequest, type FieldError, forbiddenField, invalid, invalidValue} from '../api-error.ts';
import type {Stored} from '../machine.ts';
import type {Call} from './call.ts';
import type {Services} from './resource-handlers.ts';
import {respondText} from './respond.ts';

type Options = {
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
};

/** `kubectl logs`. @throws {ApiError} 400, 404, 422 */
export async function serveLog(call: Call, services: Services, namespace: string): Promise<void> {
  const {query, response, info} = call;
  const options = optionsOf(query, info.name);
  const pod = services.server.read(services.server.info('pods'), namespace, info.name);
  const container = containerOf(pod, query.get('container') ?? '');
  const access = await services.containers();
  const lost = access.unreachable(asString(asObject(pod.spec).nodeName));
  if (lost)
    throw new ApiError(
      500,
      '',
      `Get "https://${lost.address}/containerLogs/${namespace}/${info.name}/${container}": ${lost.why}`,
    );
  const previous = isTrue(query.get('previous'));
  checkStarted(pod, container, previous);
  const of = {namespace, name: info.name, container};
  const text = access.log({...of, previous}) ?? '';
  const shown = cut(text, options, query.get('timestamps'), startOf(pod, container));
  const state = (object: Stored | undefined): string => JSON.stringify(statusOf(object, container)?.state);
  if (!isTrue(query.get('follow')) || statusOf(pod, container)?.state?.running === undefined) {
    respondText(response, 200, shown);
    return;
  }
  response.writeHead(200, {'Content-Type': 'text/plain; charset=utf-8'});
  response.write(shown);
  const before = state(pod);
  const unsubscribe = services.server.subscribe(({resource, object, type}) => {
    if (resource !== 'pods' || object.metadata.name !== info.name || object.metadata.namespace !== namespace)
      return;
    if (type !== 'DELETED' && state(object) === before) return;
    unsubscribe();
    response.end();
  });
  response.once('close', unsubscribe);
}

const isTrue = (value: string | null): boolean =>
  value !== null && !['false', '0', 'False', 'f', 'F'].includes(value);

function optionsOf(query: URLSearchParams, name: string): Options {
  const number = (key: string): number | undefined => {
    const text = query.get(key);
    if (text === null || text === '') return undefined;
    if (!/^[+-]?\d+$/.test(text))
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  };
  const [tailLines, limitBytes, sinceSeconds] = [
    number('tailLines'),
    number('limitBytes'),
    number('sinceSeconds'),
  ];
  const sinceTime = query.get('sinceTime') ?? '';
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0)
    errors.push(invalidValue('tailLines', tailLines, 'must be greater than or equal to 0'));
  if (limitBytes !== undefined && limitBytes < 1)
    errors.push(invalidValue('limitBytes', limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime)
    errors.push(forbiddenField('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    errors.push(invalidValue('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  if (query.get('stream')) errors.push(forbiddenField('stream', 'may not be specified'));
  if (errors.length > 0) throw invalid({plural: '', group: '', kind: 'PodLogOptions'}, name, errors);
  return {
    ...(tailLines === undefined ? {} : {tailLines}),
    ...(limitBytes === undefined ? {} : {limitBytes}),
    ...(sinceSeconds === undefined ? {} : {sinceSeconds}),
    ...(sinceTime ? {sinceTime} : {}),
  };
}

const names = (spec: JsonObject, key: string): string[] =>
  asArray(spec[key]).map((one) => asString(asObject(one).name));

/** The container that is meant. @throws {ApiError} 400 where it is not clear, or not there. */
export function containerOf(pod: Stored, wanted: string): string {
  const spec = asObject(pod.spec);
  const name = pod.metadata.name ?? '';
  const mains = names(spec, 'containers');
  const inits = names(spec, 'initContainers');
  if (wanted) {
    if ([...mains, ...inits, ...names(spec, 'ephemeralContainers')].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  if (mains.length === 1) return mains[0]!;
  const others = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${mains.join(' ')}]${others}`,
  );
}

/** The status of one container. */
export function statusOf(pod: Stored | undefined, container: string) {
  const status = asObject(pod?.status);
  const found = [...asArray(status.initContainerStatuses), ...asArray(status.containerStatuses)]
    .map(asObject)
    .find(({name}) => name === container);
  if (!found) return undefined;
  return {
    state: asObject(found.state) as {
      readonly running?: Json;
      readonly waiting?: Json;
      readonly terminated?: Json;
    },
    lastState: asObject(found.lastState),
  };
}

/** @throws {ApiError} 400, as the kubelet words it. */
function checkStarted(pod: Stored, container: string, previous: boolean): void {
  const status = statusOf(pod, container);
  const name = pod.metadata.name ?? '';
  if (previous) {
    if (status?.lastState.terminated === undefined)
      throw badRequest(
        `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found`,
      );
    return;
  }
  if (!status || status.state.running !== undefined || status.state.terminated !== undefined) return;
  if (status.lastState.terminated !== undefined) return;
  const reason = asString(asObject(status.state.waiting).reason) || 'ContainerCreating';
  const pulls: Readonly<Record<string, string>> = {
    ImagePullBackOff: 'trying and failing to pull image',
    ErrImagePull: "image can't be pulled",
  };
  throw badRequest(
    `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} is waiting to start: ${pulls[reason] ?? reason}`,
  );
}

function startOf(pod: Stored, container: string): string {
  const status = statusOf(pod, container);
  const started = asString(asObject(status?.state.running).startedAt);
  return (
    started ||
    asString(asObject(status?.lastState.terminated).startedAt) ||
    asString(pod.metadata.creationTimestamp)
  );
}

function cut(text: string, options: Options, timestamps: string | null, startedAt: string): string {
  const start = new Date(startedAt).toISOString();
  const timeOf = (line: string): string => /^\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(line)?.[0] ?? start;
  let lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const since =
    options.sinceSeconds === undefined
      ? Date.parse(options.sinceTime ?? '')
      : Date.now() - options.sinceSeconds * 1000;
  if (!Number.isNaN(since)) lines = lines.filter((line) => Date.parse(timeOf(line)) >= since);
  if (options.tailLines !== undefined) lines = options.tailLines === 0 ? [] : lines.slice(-options.tailLines);
  if (isTrue(timestamps)) lines = lines.map((line) => `${timeOf(line).replace('Z', '000000Z')} ${line}`);
  const whole = lines.map((line) => `${line}\n`).join('');
  return options.limitBytes === undefined
    ? whole
    : Buffer.from(whole).subarray(0, options.limitBytes).toString('utf8');
}
