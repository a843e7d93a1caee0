import type {ChangeEvent} from '../api/machine.ts';
import {type Context, keyOf} from './controller.ts';
import type {Obj} from './types.ts';

const first = 1000;
const longest = 300_000;

/** Waits twice as long before each further attempt of a key: 1 s, 2 s, 4 s, and so on up to 5 min. */
export type Retry = {again(key: string): void; reset(key: string): void};

export function backOff(context: Context, controller: string): Retry {
  const waits = new Map<string, number>();
  return {
    again(key) {
      const wait = waits.get(key) ?? first;
      waits.set(key, Math.min(wait * 2, longest));
      context.enqueue(controller, key, wait);
    },
    reset(key) {
      waits.delete(key);
    },
  };
}

/**
 * Objects that wait for something in their namespace: a change there has them tried again at once, where a real
 * controller would wait for its next attempt.
 */
export const inNamespace =
  <T extends Obj>(context: Context, resource: string, waits: (object: T) => boolean) =>
  ({object}: ChangeEvent): readonly string[] => {
    const namespace = object.kind === 'Namespace' ? object.metadata.name : object.metadata.namespace;
    return context.cache
      .list<T>(resource, namespace ?? '')
      .filter(waits)
      .map(keyOf);
  };
