import type {Change, Step} from '../../engine/change.ts';
import {applyEdits, buildObject, EditError, touchedValues, UnresolvedError} from '../../engine/edits.ts';
import {isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {describe, type Ref, refId, refOfObject} from '../../engine/objects.ts';
import {statusError, statusMessage} from '../errors.ts';
import {type PreviewItem, TargetError} from '../target.ts';
import {inParallel} from './batch.ts';
import {type Reply, uidOf} from './client.ts';
import {dependsOn} from './dependent.ts';
import {patchOf} from './patch.ts';
import {type EditStep, lookupFor, readRaw, type Server, shown} from './read.ts';
import {toCreateAgain} from './recreate.ts';
import {listPath} from './resources.ts';

export const fieldManager = 'kubekata';

type Preview = {
  readonly server: Server;
  readonly signal: AbortSignal | undefined;
  readonly earlier: readonly Step[];
  /** The object as the server has it; each is read once per preview. */
  readonly read: (ref: Ref, anew?: boolean) => Promise<JsonObject | undefined>;
};

const serverSays = {dryRun: 'All', fieldValidation: 'Strict', fieldManager} as const;

/** Every step as the server would do it, nothing written. @throws {TargetError} when the server can't be asked. */
export function previewChange(
  server: Server,
  change: Change,
  signal: AbortSignal | undefined,
): Promise<readonly PreviewItem[]> {
  const known = new Map<string, Promise<JsonObject | undefined>>();
  const read = (ref: Ref, anew = false) => {
    const key = refId(ref);
    const asked = (anew ? undefined : known.get(key)) ?? readRaw(server, ref, signal);
    known.set(key, asked);
    return asked;
  };
  return inParallel(change.steps, 8, (step, index) =>
    previewStep({server, signal, read, earlier: change.steps.slice(0, index)}, step),
  );
}

async function previewStep(preview: Preview, step: Step): Promise<PreviewItem> {
  const ref = refOfStep(step);
  try {
    switch (step.do) {
      case 'edit':
        return await previewEdit(preview, step, step.object);
      case 'recreate':
        return await previewRecreate(preview, step, step.object);
      case 'create':
        return await previewCreate(preview, step);
      case 'delete':
        return await previewDelete(preview, step, step.object);
      case 'file':
        return refused(
          step,
          ref,
          `File /${step.file.replace(/^\//, '')} of node ${step.node} can not be changed through the API server: change it on the node.`,
        );
    }
  } catch (error) {
    if (error instanceof UnresolvedError || error instanceof EditError)
      return refused(step, ref, error.message);
    if (error instanceof TargetError && (error.problem === 'unsupported' || error.problem === 'forbidden')) {
      return refused(step, ref, [error.message, ...error.details.slice(0, 1)].join(' '));
    }
    throw error;
  }
}

export const refOfStep = (step: Step): Ref =>
  step.do === 'file'
    ? {
        apiVersion: 'kubekata/v1',
        kind: 'NodeFile',
        namespace: '',
        name: `${step.node}/${step.file.replace(/^\//, '')}`,
      }
    : step.do === 'create'
      ? refOfObject(step.object.base)
      : step.object;

const refused = (step: Step, ref: Ref, rejection: string, before?: JsonObject): PreviewItem => ({
  step,
  ref,
  before,
  after: before,
  confirmedBy: 'server',
  warnings: [],
  rejection,
  expected: {values: []},
});

export const goneSentence = (ref: Ref): string =>
  `${describe(ref)} was deleted meanwhile. There is nothing left to change.`;

/** The server's answer to a dry run, or undefined where it can't dry-run at all (a webhook with side effects). */
async function ask(
  {server: {client}}: Preview,
  send: () => Promise<Reply>,
  doing: string,
): Promise<
  {readonly after?: JsonObject; readonly rejection?: string; readonly warnings: readonly string[]} | undefined
> {
  const {status, body, warnings} = await send();
  if (status < 400) return {...(isObject(body) ? {after: body} : {}), warnings};
  if (status === 401 || status === 429 || status > 500) throw statusError(client.who, status, body, doing);
  const message = statusMessage(body, status);
  return /does not support dry run/.test(message) ? undefined : {rejection: message, warnings};
}

async function previewEdit(preview: Preview, step: EditStep, ref: Ref, attempt = 0): Promise<PreviewItem> {
  const {server, signal, earlier, read} = preview;
  const live = await read(ref, attempt > 0);
  const lookup = await lookupFor(server, step.edits, signal, read);
  const start = live ?? (await madeEarlier(preview, ref));
  if (start === undefined) return refused(step, ref, goneSentence(ref));
  const after = applyEdits(start, step.edits, undefined, lookup);
  const item = itemOf(step, ref, start, after);
  if (after === start) return item;
  if (live === undefined || dependsOn(earlier, after, step)) return {...item, confirmedBy: 'computed'};
  const path = await server.resources.path(ref);
  const body = patchOf(start, after);
  let raced = false;
  const answer = await ask(
    preview,
    async () => {
      const reply = await server.client.send({
        method: 'PATCH',
        path,
        query: serverSays,
        body,
        contentType: 'application/json-patch+json',
        signal,
      });
      raced = reply.status === 409;
      return reply;
    },
    `patch ${describe(ref)}`,
  );
  // Its status changed between read and dry run: that is no conflict.
  if (raced && attempt < 5) return previewEdit(preview, step, ref, attempt + 1);
  return answered(item, answer);
}

const itemOf = (step: EditStep, ref: Ref, before: JsonObject, after: JsonObject): PreviewItem => ({
  step,
  ref,
  before: shown(before),
  after: shown(after),
  confirmedBy: 'server',
  warnings: [],
  expected: {uid: uidOf(before), values: touchedValues(before, step.edits)},
});

function answered(item: PreviewItem, answer: Awaited<ReturnType<typeof ask>>): PreviewItem {
  if (answer === undefined) {
    const warnings = ['An admission webhook does not support dry runs.'];
    return {...item, confirmedBy: 'computed', warnings};
  }
  const {after, rejection, warnings} = answer;
  if (rejection !== undefined) return {...item, warnings, rejection};
  return {
    ...item,
    warnings,
    ...(after === undefined || item.after === undefined ? {} : {after: shown(after)}),
  };
}

/** An object that an earlier step of the change makes. */
async function madeEarlier(
  {server, signal, earlier, read}: Preview,
  ref: Ref,
): Promise<JsonObject | undefined> {
  for (const step of earlier) {
    if (step.do !== 'create' || refId(refOfObject(step.object.base)) !== refId(ref)) continue;
    const lookup = await lookupFor(server, step.object.edits ?? [], signal, read);
    return buildObject(step.object, undefined, lookup);
  }
  return undefined;
}

async function previewCreate(preview: Preview, step: Step & {readonly do: 'create'}): Promise<PreviewItem> {
  const {server, signal, earlier, read} = preview;
  const lookup = await lookupFor(server, step.object.edits ?? [], signal, read);
  const object = buildObject(step.object, undefined, lookup);
  const ref = refOfObject(object);
  const item: PreviewItem = {
    step,
    ref,
    before: undefined,
    after: shown(object),
    confirmedBy: 'server',
    warnings: [],
    expected: {values: []},
  };
  if (dependsOn(earlier, object, step)) return {...item, confirmedBy: 'computed'};
  const path = listPath(await server.resources.of(ref), ref.namespace);
  const send = () => server.client.send({method: 'POST', path, query: serverSays, body: object, signal});
  return answered(item, await ask(preview, send, `create ${describe(ref)}`));
}

async function previewDelete(
  preview: Preview,
  step: Step & {readonly do: 'delete'},
  ref: Ref,
): Promise<PreviewItem> {
  const {server, signal, earlier} = preview;
  const live = await preview.read(ref);
  if (live === undefined) return refused(step, ref, goneSentence(ref));
  const item: PreviewItem = {
    step,
    ref,
    before: shown(live),
    after: undefined,
    confirmedBy: 'server',
    warnings: [],
    expected: {uid: uidOf(live), values: []},
  };
  if (dependsOn(earlier, live, step)) return {...item, confirmedBy: 'computed'};
  const path = await server.resources.path(ref);
  const body: Json = {...deleteOptions(uidOf(live)), dryRun: ['All']};
  const send = () => server.client.send({method: 'DELETE', path, body, signal});
  return answered(item, await ask(preview, send, `delete ${describe(ref)}`));
}

/** Dependents go too (a Job's pods would stay otherwise), and only this very object goes. */
export const deleteOptions = (uid: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  propagationPolicy: 'Background',
  ...(uid ? {preconditions: {uid}} : {}),
});

/** The server refuses to change it and can't dry-run its name while it is taken: what it would be is computed. */
async function previewRecreate(
  {server, signal, read}: Preview,
  step: EditStep,
  ref: Ref,
): Promise<PreviewItem> {
  const live = await read(ref);
  if (live === undefined) return refused(step, ref, goneSentence(ref));
  const lookup = await lookupFor(server, step.edits, signal, read);
  const after = applyEdits(live, step.edits, undefined, lookup);
  if (after === live) return itemOf(step, ref, live, after);
  return {...itemOf(step, ref, live, toCreateAgain(after)), confirmedBy: 'computed'};
}
