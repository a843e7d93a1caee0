import type {Step} from '../../engine/change.ts';
import {redact} from '../../engine/credentials.ts';
import {applyEdits, buildObject, EditError, UnresolvedError} from '../../engine/edits.ts';
import {asObject, asString, equal, isObject, type Json, type JsonObject} from '../../engine/json.ts';
import {describe, type Ref, refOfObject} from '../../engine/objects.ts';
import {formatPath, getAt, type Path} from '../../engine/path.ts';
import {plainText} from '../../engine/text.ts';
import {statusError, statusMessage} from '../errors.ts';
import {type Applied, type PreviewItem, TargetError} from '../target.ts';
import {pause, type Reply, uidOf, versionOf} from './client.ts';
import {managerOf} from './normalize.ts';
import {patchOf} from './patch.ts';
import {deleteOptions, fieldManager, goneSentence} from './preview.ts';
import {type EditStep, lookupFor, readRaw, type Server, shown} from './read.ts';
import {toCreateAgain} from './recreate.ts';
import {listPath} from './resources.ts';

const writes = {fieldValidation: 'Strict', fieldManager} as const;
/** How often a write is tried again: after status churn, or when the server went away in the middle. */
const tries = 12;
const goneWithin = 180_000;

/**
 * Writes one step of a preview. The object is read anew: it must be the same one, with the values that the preview saw
 * at every touched path. A write whose answer was lost is looked up before it is tried again. @throws {TargetError}
 */
export async function applyItem(
  server: Server,
  item: PreviewItem,
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const {step} = item;
  try {
    switch (step.do) {
      case 'edit':
        return await applyEdit(server, item, step, signal);
      case 'create':
        return await applyCreate(server, item, step, signal);
      case 'delete':
        return await applyDelete(server, item, step.object, signal);
      case 'recreate':
        return await applyRecreate(server, item, step, signal);
      case 'file':
        throw new TargetError(
          'unsupported',
          `A file of node ${step.node} can not be changed through the API server.`,
          ['Change it on the node.'],
        );
    }
  } catch (error) {
    if (error instanceof EditError || error instanceof UnresolvedError) {
      throw new TargetError(
        'conflict',
        `${describe(item.ref)} is not as it was previewed. Nothing was applied.`,
        [error.message],
      );
    }
    throw error;
  }
}

async function applyEdit(
  server: Server,
  item: PreviewItem,
  step: EditStep,
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const ref = step.object;
  let first: JsonObject | undefined;
  let warnings: readonly string[] = [];
  for (let attempt = 0; ; attempt += 1) {
    try {
      const live = await readRaw(server, ref, signal);
      if (live === undefined) throw new TargetError('gone', goneSentence(ref));
      const after = applyEdits(live, step.edits, undefined, await lookupFor(server, step.edits, signal));
      if (after === live) return appliedOf(ref, first ?? live, live, warnings);
      checkExpected(server, item, live);
      first = live;
      const reply = await server.client.send({
        method: 'PATCH',
        path: await server.resources.path(ref),
        query: writes,
        body: patchOf(live, after),
        contentType: 'application/json-patch+json',
        signal,
      });
      warnings = reply.warnings;
      if (reply.status < 400) return appliedOf(ref, live, reply.body, reply.warnings);
      if (reply.status !== 409 || attempt >= tries) throw refusal(server, ref, reply, 'patch');
      await pause(20 * attempt, signal);
    } catch (error) {
      await waitOut(error, attempt, signal);
    }
  }
}

/** Passes when the server may come back and the write can be looked up; throws the error otherwise. */
async function waitOut(error: unknown, attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const isLost = error instanceof TargetError && (error.problem === 'unreachable' || isUnavailable(error));
  if (!isLost || attempt >= tries || signal?.aborted) throw error;
  await pause(Math.min(5000, 200 * 2 ** attempt), signal);
}

/** 503 and 504: the server is starting, stopping or lost its store for a moment. */
const isUnavailable = (error: TargetError): boolean =>
  error.problem === 'server' && /\(50[34]\)/.test(error.message);

function checkExpected({client}: Server, {expected, ref}: PreviewItem, live: JsonObject): void {
  if (expected.uid !== undefined && expected.uid !== uidOf(live)) {
    throw new TargetError(
      'conflict',
      `${describe(ref)} was deleted and made again while you read. Nothing was applied.`,
      [`What is there now in ${client.who.name} is another object of the same name: preview it again.`],
    );
  }
  const changed = expected.values.filter(({path, value}) => !equal(getAt(live, path), value));
  if (changed.length === 0) return;
  const by = managerOf(live);
  const lines = changed.map(({path, value}) => {
    const now = short(getAt(redact(live), path));
    return `${formatPath(path, live)}: ${isCredentialAt(live, path) ? 'changed' : `${short(value)} ➜ ${now}`}${by ? `, by ${by}` : ''}`;
  });
  throw new TargetError('conflict', `${describe(ref)} changed while you read. Nothing was applied.`, lines);
}

const isCredentialAt = (live: JsonObject, path: Path): boolean =>
  !equal(getAt(redact(live), path), getAt(live, path));

function short(value: Json | undefined): string {
  if (value === undefined) return 'not set';
  const text = plainText(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 59)}⋯` : text;
}

function appliedOf(
  ref: Ref,
  before: JsonObject | undefined,
  after: Json | undefined,
  warnings: readonly string[],
): Applied {
  const stored = isObject(after) && after.kind !== 'Status' ? after : undefined;
  const uid = uidOf(stored ?? before);
  return {
    ref,
    before: before && shown(before),
    after: stored && shown(stored),
    warnings,
    ...(uid ? {uid} : {}),
  };
}

function refusal({client}: Server, ref: Ref, reply: Reply, verb: string): TargetError {
  const problem = statusError(client.who, reply.status, reply.body, `${verb} ${describe(ref)}`);
  if (problem.problem !== 'rejected' && problem.problem !== 'conflict') return problem;
  return new TargetError(
    problem.problem,
    'The API server refuses this change. Nothing was applied, the finding stays.',
    [`${describe(ref)}: ${statusMessage(reply.body, reply.status)}`],
  );
}

async function applyCreate(
  server: Server,
  item: PreviewItem,
  step: Step & {readonly do: 'create'},
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const lookup = await lookupFor(server, step.object.edits ?? [], signal);
  const object = buildObject(step.object, undefined, lookup);
  return createObject(server, item.ref, object, signal);
}

async function createObject(
  server: Server,
  ref: Ref,
  object: JsonObject,
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const path = listPath(await server.resources.of(refOfObject(object)), ref.namespace);
  let isUnsure = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const reply = await server.client.send({method: 'POST', path, query: writes, body: object, signal});
      if (reply.status < 400) return appliedOf(ref, undefined, reply.body, reply.warnings);
      if (reply.status === 409 && asString(asObject(reply.body).reason) === 'AlreadyExists') {
        const live = await readRaw(server, ref, signal);
        // The answer to our own first try was lost.
        if (isUnsure && live && managerOf(live) === fieldManager) return appliedOf(ref, undefined, live, []);
        if (live) {
          throw new TargetError(
            'conflict',
            `${describe(ref)} was made by someone else meanwhile. Nothing was applied.`,
            ['Preview again: it may already do what this change is for.'],
          );
        }
      }
      throw refusal(server, ref, reply, 'create');
    } catch (error) {
      await waitOut(error, attempt, signal);
      isUnsure = true;
    }
  }
}

async function applyDelete(
  server: Server,
  item: PreviewItem,
  ref: Ref,
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const path = await server.resources.path(ref);
  let first: JsonObject | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const live = await readRaw(server, ref, signal);
      if (first && (live === undefined || uidOf(live) !== uidOf(first)))
        return appliedOf(ref, first, undefined, []);
      if (live === undefined) throw new TargetError('gone', goneSentence(ref));
      checkExpected(server, item, live);
      first = live;
      const body = deleteOptions(uidOf(live));
      const reply = await server.client.send({method: 'DELETE', path, body, signal});
      if (reply.status < 400 || reply.status === 404) return appliedOf(ref, live, undefined, reply.warnings);
      throw refusal(server, ref, reply, 'delete');
    } catch (error) {
      await waitOut(error, attempt, signal);
    }
  }
}

/** Deletes the object and creates it again, changed. Where the new one is refused, the old one is put back. */
async function applyRecreate(
  server: Server,
  item: PreviewItem,
  step: EditStep,
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const ref = step.object;
  const live = await readRaw(server, ref, signal);
  if (live === undefined) throw new TargetError('gone', goneSentence(ref));
  const after = applyEdits(live, step.edits, undefined, await lookupFor(server, step.edits, signal));
  if (after === live) return appliedOf(ref, live, live, []);
  await applyDelete(server, item, ref, signal);
  // From here on an abort would leave it deleted: it is finished either way.
  await waitUntilGone(server, ref, uidOf(live));
  try {
    const made = await createObject(server, ref, toCreateAgain(after), undefined);
    return {...made, before: shown(live)};
  } catch (error) {
    await createObject(server, ref, toCreateAgain(live), undefined);
    if (!(error instanceof TargetError)) throw error;
    const details = [...error.details, `${describe(ref)} was put back as it was.`];
    throw new TargetError(error.problem, error.message, details, {cause: error});
  }
}

async function waitUntilGone(server: Server, ref: Ref, uid: string): Promise<void> {
  const path = listPath(await server.resources.of(ref), ref.namespace);
  const end = Date.now() + goneWithin;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const live = await readRaw(server, ref, undefined);
      if (live === undefined || uidOf(live) !== uid) return;
      if (Date.now() > end) {
        throw new TargetError(
          'server',
          `${describe(ref)} is still there ${goneWithin / 60_000} minutes after its deletion.`,
          [
            'Something holds it (a finalizer, a node that does not answer). It was not created again: do so once it is gone.',
          ],
        );
      }
      const query = {
        watch: 'true',
        fieldSelector: `metadata.name=${ref.name}`,
        resourceVersion: versionOf(live),
        timeoutSeconds: '20',
      };
      for await (const event of server.client.lines(
        {path, query, timeout: 30_000},
        `watch ${describe(ref)}`,
      )) {
        const {type} = asObject(event);
        if (type === 'DELETED' || type === 'ERROR') break;
      }
    } catch (error) {
      await waitOut(error, attempt, undefined);
    }
  }
}
