import type {Edit, Step} from '../../engine/change.ts';
import {redact} from '../../engine/credentials.ts';
import type {Lookup} from '../../engine/edits.ts';
import {isObject, type JsonObject} from '../../engine/json.ts';
import {describe, type Ref, refId} from '../../engine/objects.ts';
import {getAt} from '../../engine/path.ts';
import {withoutBookkeeping, withoutServerFields} from '../../engine/server-fields.ts';
import {statusError} from '../errors.ts';
import type {KubeClient} from './client.ts';
import type {Resources} from './resources.ts';

/** A step on an object that is there. */
export type EditStep = Step & {readonly do: 'edit' | 'recreate'};

export type Server = {readonly client: KubeClient; readonly resources: Resources};

/** The object as the server has it, everything in it; undefined when it is not there. @throws {TargetError} */
export async function readRaw(
  {client, resources}: Server,
  ref: Ref,
  signal: AbortSignal | undefined,
): Promise<JsonObject | undefined> {
  const {status, body} = await client.send({path: await resources.path(ref), signal});
  if (status === 404) return undefined;
  if (status >= 400) throw statusError(client.who, status, body, `get ${describe(ref)}`);
  return isObject(body) ? body : undefined;
}

/** The object for people: no credentials, no field managers. Status and uid stay. @throws {TargetError} */
export async function readObject(
  server: Server,
  ref: Ref,
  signal: AbortSignal | undefined,
): Promise<JsonObject | undefined> {
  const raw = await readRaw(server, ref, signal);
  return raw && redact(withoutBookkeeping(raw));
}

/** As shown in a preview and kept in the journal. */
export const shown = (object: JsonObject): JsonObject => redact(withoutServerFields(object));

export const editsOf = (step: Step): readonly Edit[] =>
  step.do === 'create' ? (step.object.edits ?? []) : 'edits' in step ? step.edits : [];

/** Reads what the edits refer to, each object once; the look-up then answers from memory. @throws {TargetError} */
export async function lookupFor(
  server: Server,
  edits: readonly Edit[],
  signal: AbortSignal | undefined,
  read: (ref: Ref) => Promise<JsonObject | undefined> = (ref) => readRaw(server, ref, signal),
): Promise<Lookup> {
  const found = new Map<string, JsonObject | undefined>();
  for (const edit of edits) {
    if (edit.op !== 'set' || !('from' in edit.value)) continue;
    const {from} = edit.value;
    if (!found.has(refId(from))) found.set(refId(from), await read(from));
  }
  return (ref, path) => getAt(found.get(refId(ref)), path);
}
