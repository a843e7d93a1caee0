import {setTimeout as pause} from 'node:timers/promises';
import {asArray, asObject, asString, type JsonObject} from '../engine/json.ts';
import type {Api, Objects} from './api.ts';
import {type Drill, refOf} from './drill.ts';

/** A drill can't be set up: told in one sentence. */
export class DrillError extends Error {
  override readonly name = 'DrillError';
}

const waitTime = 50;
const longestWait = 500;
const patience = 60_000;
const startPatience = 15_000;
const restartPatience = 5_000;

const running = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Waits until the workloads of the set-up have their pods, and each has begun or says why not. */
export async function untilStarted(drill: Drill, objects: Objects, signal?: AbortSignal): Promise<void> {
  const spaces = new Set(
    drill.setup
      .filter(({kind}) => running.includes(asString(kind)) || kind === 'Pod')
      .map((object) => refOf(object).namespace || (drill.namespaces[0] ?? '')),
  );
  const wanted = drill.setup.filter(({kind}) => running.includes(asString(kind)) || kind === 'Pod');
  const count = (space: string) =>
    wanted
      .filter((object) => (refOf(object).namespace || drill.namespaces[0]) === space)
      .reduce((sum, {kind, spec}) => {
        const {replicas = 1} = asObject(spec);
        return sum + (kind === 'Deployment' || kind === 'StatefulSet' ? Number(replicas) : 1);
      }, 0);
  const isStarted = async () => {
    for (const space of spaces) {
      const pods = await objects.list('v1', 'Pod', space, {}, signal);
      if (pods.length < count(space) || !pods.every(hasBegun)) return false;
    }
    return true;
  };
  const end = Date.now() + startPatience;
  while (!(await isStarted()) && Date.now() < end) await pause(waitTime, undefined, {signal});
}

function hasBegun({status}: JsonObject): boolean {
  const {phase, containerStatuses, conditions} = asObject(status);
  if (phase !== 'Pending') return phase !== undefined;
  const reasons = [
    ...asArray(containerStatuses).map((one) => asObject(asObject(asObject(one).state).waiting).reason),
    ...asArray(conditions).map((one) => asObject(one).reason),
  ];
  return reasons.some((reason) => /Error|BackOff|Unschedulable|Invalid/.test(asString(reason)));
}

/** What is looked for, once it is there. @throws {DrillError} when it is not after a minute. */
export async function untilDefined<T>(
  look: () => Promise<T | undefined>,
  what: string,
  signal?: AbortSignal,
): Promise<T> {
  let found: T | undefined;
  await until(
    async () => {
      found = await look();
      return found !== undefined;
    },
    `${what} is served`,
    signal,
  );
  return found!;
}

/** @throws {DrillError} when it is not so after a minute. */
export async function until(isSo: () => Promise<boolean>, what: string, signal?: AbortSignal): Promise<void> {
  const end = Date.now() + patience;
  // A namespace takes seconds to go on a real cluster: it is asked for less and less often.
  for (let rest = waitTime; !(await isSo()); rest = Math.min(longestWait, rest * 1.3)) {
    if (Date.now() > end) throw new DrillError(`After ${patience / 1000} s it is not so yet that ${what}.`);
    await pause(rest, undefined, {signal});
  }
}

/** Asks again where nothing answers: an API server whose manifest was edited starts anew, and is back in a moment. */
export function patient(api: Api): Api {
  return {
    async send(request) {
      const end = Date.now() + restartPatience;
      for (let rest = waitTime; ; rest = Math.min(longestWait, rest * 1.5)) {
        try {
          return await api.send(request);
        } catch (error) {
          if (request.signal?.aborted || Date.now() > end) throw error;
          await pause(rest, undefined, {signal: request.signal});
        }
      }
    },
  };
}
