import {asObject, equal, type Json, type JsonObject} from '../../engine/json.ts';
import type {ChangeEvent, Machine} from '../api/machine.ts';
import type {Cache} from './cache.ts';
import type {Clock} from './clock.ts';
import type {EventRecorder} from './event-recorder.ts';
import type {Obj} from './types.ts';

/** What every controller works with. */
export type Context = {
  readonly machine: Machine;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly events: EventRecorder;
  /** Has a controller look at a key, at once or after that many milliseconds. */
  enqueue(controller: string, key: string, milliseconds?: number): void;
};

/** Brings one object (its key is `namespace/name`) nearer to what it should be, as often as it is told to. */
export type Controller = {
  readonly name: string;
  /** 0 is served first: what others wait for. */
  readonly level: number;
  /** The keys to look at after a change, by resource. `*` hears of every resource. */
  readonly watches: Readonly<Record<string, (event: ChangeEvent) => Iterable<string>>>;
  reconcile(key: string): void;
};

export const keyOf = (object: {readonly metadata: {readonly namespace?: string; readonly name?: string}}) =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;

export function splitKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

/** The object itself. */
export const itself = (event: ChangeEvent): Iterable<string> => [keyOf(event.object)];

/** The controller, of that kind, of the object that changed: now and before. */
export const owner =
  (kind: string) =>
  (event: ChangeEvent): Iterable<string> => {
    const keys = new Set<string>();
    for (const object of [event.object, event.previous] as readonly (Obj | undefined)[]) {
      for (const reference of object?.metadata.ownerReferences ?? []) {
        if (reference.controller === true && reference.kind === kind) {
          keys.add(`${object?.metadata.namespace ?? ''}/${reference.name}`);
        }
      }
    }
    return keys;
  };

export const ownerReference = (object: Obj): JsonObject => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  uid: object.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** Fields without those that are undefined. */
export function defined(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) result[key] = value;
  return result;
}

/** The user name of a controller inside kube-controller-manager. */
export const systemUser = (name: string): string => `system:serviceaccount:kube-system:${name}`;

/** Writes the status when it differs. */
export function writeStatus(
  context: Context,
  resource: string,
  object: Obj,
  status: JsonObject,
  user: string,
): void {
  if (equal(asObject(object.status), status)) return;
  context.machine.updateStatus(resource, {...object, status}, {user});
}

/** The code and message of what the machine threw. Anything else is a fault of ours and is thrown on. */
export function refusal(error: unknown): {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
} {
  if (error instanceof Error && 'code' in error && typeof error.code === 'number') {
    const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : '';
    return {code: error.code, reason, message: error.message};
  }
  throw error;
}

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Letters and digits as the API server appends them to a generateName. */
export const randomSuffix = (length = 5): string =>
  Array.from({length}, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('');

/** A short name for a value: equal values, equal names. */
export function hashOf(value: Json, salt = ''): string {
  let hash = 0x811c9dc5;
  const text = salt + canonical(value);
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  // As the API server's own encoder does: letters of pod names never spell a word.
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${canonical(item)}`)
    .join()}}`;
}
