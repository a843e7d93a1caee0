import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parse, parseAllDocuments} from 'yaml';
import type {Framework} from '../engine/control.ts';
import {messageOf as findingMessage} from '../engine/control.ts';
import type {Inventory} from '../engine/inventory.ts';
import {asObject, asString, isObject, type Json, type JsonObject} from '../engine/json.ts';
import {describe} from '../engine/objects.ts';
import {describeRefusals, podSecurityRefusals} from '../engine/pod-security.ts';
import {isTopLevel, podTemplate, WORKLOADS} from '../engine/pod-spec.ts';
import {plainText} from '../engine/text.ts';
import {mayDo} from './access.ts';
import {messageOf, type Objects} from './api.ts';
import {type Check, type FileFormat, noLimit} from './checks.ts';
import type {Criterion} from './drill.ts';
import {firstMismatch} from './matchers.ts';
import {isAllowed} from './network.ts';

/** Where the state of a drill is read from. */
export type World = {
  readonly objects: Objects;
  /** All that the controls read, as it is now. */
  inventory(): Promise<Inventory>;
  readonly framework: Framework;
  /** The drill's work folder. */
  readonly work: string;
  /** The folder of node files; absent where the cluster has none. */
  readonly nodes: string | undefined;
};

/** What was found; `reason` is a clause for a person where it did not pass. */
export type Result = {readonly passed: boolean; readonly reason: string};
export type CriterionResult = Result & {readonly id: string};

const passed: Result = {passed: true, reason: ''};
const failed = (reason: string): Result => ({passed: false, reason: plainText(reason)});
const result = (isPassed: boolean, reason: string): Result => (isPassed ? passed : failed(reason));

/** Judges all criteria by the state of cluster and files. A criterion that can't be judged has not passed. */
export function verify(criteria: readonly Criterion[], world: World): Promise<readonly CriterionResult[]> {
  return Promise.all(
    criteria.map(async ({id, check}) => {
      const found = await evaluate(check, world).catch((error: unknown) =>
        failed(`it can't be checked now: ${error instanceof Error ? error.message : String(error)}`),
      );
      return {id, ...found};
    }),
  );
}

/** Judges one check. @throws what the API says when it doesn't answer. */
export async function evaluate(check: Check, world: World): Promise<Result> {
  switch (check.is) {
    case 'object': {
      const {object, absent, expect} = check;
      const found = await world.objects.get(object);
      if (absent) return result(found === undefined, `${describe(object)} is still there`);
      if (found === undefined) return failed(`${describe(object)} is not there`);
      const wrong = firstMismatch(found, expect, object.kind === 'Secret');
      return result(wrong === undefined, `${describe(object)}: ${wrong}`);
    }
    case 'list':
      return evaluateList(check, world);
    case 'control':
      return evaluateControl(check, world);
    case 'can': {
      const may = await mayDo(check, world.objects);
      const what = check.path || `${check.resource}${check.name && ` ${check.name}`}`;
      const where = check.namespace ? ` in ${check.namespace}` : '';
      return result(
        may === check.allowed,
        `${check.who.user} may ${may ? '' : 'not '}${check.verb} ${what}${where}`,
      );
    }
    case 'dry-run':
      return dryRun(check, world);
    case 'file':
      return evaluateFile(check, world);
    case 'pod-security':
      return evaluatePodSecurity(check, world);
    case 'network': {
      const [policies, namespaces] = await Promise.all([
        world.objects.list('networking.k8s.io/v1', 'NetworkPolicy'),
        world.objects.list('v1', 'Namespace'),
      ]);
      const {from, to, port, protocol} = check.connection;
      const name = (end: typeof from) =>
        'ip' in end ? end.ip : `${Object.values(end.labels).join(',') || 'any pod'} in ${end.namespace}`;
      const isOpen = isAllowed(check.connection, {policies, namespaces});
      return result(
        isOpen === check.allowed,
        `from ${name(from)} to ${name(to)} port ${port}/${protocol} is ${isOpen ? 'open' : 'closed'}`,
      );
    }
    case 'all': {
      for (const one of check.checks) {
        const found = await evaluate(one, world);
        if (!found.passed) return found;
      }
      return passed;
    }
    case 'any': {
      let last = failed('nothing was asked for');
      for (const one of check.checks) {
        last = await evaluate(one, world);
        if (last.passed) return last;
      }
      return last;
    }
    case 'not': {
      const found = await evaluate(check.check, world);
      return result(!found.passed, 'it is not as it should be yet');
    }
  }
}

type Of<K extends Check['is']> = Extract<Check, {is: K}>;

async function evaluateList(check: Of<'list'>, {objects}: World): Promise<Result> {
  const {apiVersion, kind, namespace, query, every, some, none, count} = check;
  const list = await objects.list(apiVersion, kind, namespace, query);
  const isSecret = kind === 'Secret';
  const where = namespace ? ` in ${namespace}` : '';
  const nameOf = (object: JsonObject) => `${kind} ${asString(asObject(object.metadata).name)}`;
  if (count && (list.length < count.atLeast || list.length > count.atMost)) {
    const wanted = count.atMost === noLimit ? `at least ${count.atLeast}` : `${count.atMost}`;
    return failed(`${list.length} of kind ${kind}${where}, wanted ${wanted}`);
  }
  if (every) {
    if (list.length === 0) return failed(`no ${kind} is there${where}`);
    for (const object of list) {
      const wrong = firstMismatch(object, every, isSecret);
      if (wrong !== undefined) return failed(`${nameOf(object)}: ${wrong}`);
    }
  }
  if (some && !list.some((object) => firstMismatch(object, some, isSecret) === undefined)) {
    const [only] = list;
    if (list.length === 1 && only) {
      return failed(`${nameOf(only)}: ${firstMismatch(only, some, isSecret)}`);
    }
    return failed(`none of ${list.length} of kind ${kind}${where} is as it should be`);
  }
  const bad = none && list.find((object) => firstMismatch(object, none, isSecret) === undefined);
  if (!bad) return passed;
  const paths = [...new Set((none ?? []).map(({path}) => path))].join(' and ');
  return failed(`${nameOf(bad)}: ${paths} is not as it should be yet`);
}

async function evaluateControl(check: Of<'control'>, world: World): Promise<Result> {
  const entry = world.framework.entries.find(({id}) => id === check.control);
  if (entry === undefined) return failed(`there is no control ${check.control}`);
  const {control} = entry;
  const inventory = await world.inventory();
  const {object} = check;
  const counted = control.kinds
    .flatMap((kind) => inventory.list(kind, object?.namespace ?? check.namespace))
    .filter((one) => object === undefined || (one.kind === object.kind && one.name === object.name))
    .filter((one) => control.counts?.(one, inventory) ?? true);
  if (counted.length === 0) return failed(`${check.control} finds nothing to look at`);
  for (const one of counted) {
    for (const finding of control.check(one, inventory)) {
      if (!check.passes) return passed;
      return failed(`${describe(one)}: ${findingMessage(control.meta, finding)}`);
    }
  }
  return result(check.passes, `${check.control} passes`);
}

async function evaluatePodSecurity(
  {namespace, level, passes}: Of<'pod-security'>,
  world: World,
): Promise<Result> {
  const inventory = await world.inventory();
  const workloads = WORKLOADS.flatMap((kind) => inventory.list(kind, namespace)).filter(isTopLevel);
  if (workloads.length === 0) return failed(`nothing runs in ${namespace}`);
  for (const one of workloads) {
    const refusals = podSecurityRefusals(level, podTemplate(one));
    if (refusals.length === 0) continue;
    if (!passes) return passed;
    return failed(`${describe(one)}: ${level} refuses ${describeRefusals(refusals)}`);
  }
  return result(passes, `${level} refuses nothing in ${namespace}`);
}

async function dryRun({manifest, accepted, message}: Of<'dry-run'>, {objects}: World): Promise<Result> {
  const metadata = asObject(manifest.metadata);
  const [apiVersion, kind] = [asString(manifest.apiVersion), asString(manifest.kind)];
  const path = await objects.path(apiVersion, kind, asString(metadata.namespace) || 'default');
  if (path === undefined) return failed(`the server has no kind ${kind}`);
  const send = (body: JsonObject) =>
    objects.api.send({
      method: 'POST',
      path,
      query: {dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'kubekata-study'},
      body,
    });
  let answer = await send(manifest);
  if (answer.status === 409) {
    answer = await send({
      ...manifest,
      metadata: {...metadata, name: `${asString(metadata.name)}-kubekata`},
    });
  }
  const isAccepted = answer.status < 300;
  const what = `a ${kind} ${asString(metadata.name)}`;
  if (accepted) return result(isAccepted, `${what} is refused: ${messageOf(answer.body)}`);
  if (isAccepted) return failed(`${what} is still accepted`);
  // Anything but a refusal by policy tells nothing: a namespace that is missing, a manifest that is wrong.
  if (![400, 403, 422].includes(answer.status)) {
    return failed(`${what} could not be tried: ${messageOf(answer.body)}`);
  }
  if (message === undefined || new RegExp(message, 'm').test(messageOf(answer.body))) return passed;
  return failed(`${what} is refused for another reason: ${messageOf(answer.body)}`);
}

async function evaluateFile(check: Of<'file'>, {work, nodes}: World): Promise<Result> {
  const {file, format, absent, expect} = check;
  const [top, ...rest] = file.split('/');
  const root = top === 'nodes' ? nodes : work;
  if (root === undefined) return failed('this cluster shows no files of its nodes');
  const text = await readFile(join(root, ...rest), 'utf8').catch((error: unknown) => {
    if (isObject(error) || error instanceof Error) return undefined;
    throw error;
  });
  if (absent) return result(text === undefined, `${file} is still there`);
  if (text === undefined) return failed(`${file} is not there`);
  let value: Json;
  try {
    value = parseFile(text, format);
  } catch {
    return failed(`${file} can't be read as ${format.toUpperCase().slice(0, 4)}`);
  }
  const wrong = firstMismatch(value, expect);
  return result(wrong === undefined, `${file}: ${wrong}`);
}

function parseFile(text: string, format: FileFormat): Json {
  const lines = (): readonly string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '');
  switch (format) {
    case 'text':
      return text;
    case 'lines':
      return lines().map((line) => line.trimEnd());
    case 'json':
      return JSON.parse(text) as Json;
    case 'jsonl':
      return lines().map((line) => JSON.parse(line) as Json);
    case 'yaml':
      return parse(text, {merge: true}) as Json;
    case 'yamls':
      return parseAllDocuments(text).map((document) => {
        if (document.errors[0]) throw document.errors[0];
        return document.toJS() as Json;
      });
  }
}
