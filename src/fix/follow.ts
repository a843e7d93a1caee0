import {Inventory} from '../engine/inventory.ts';
import type {Ref} from '../engine/objects.ts';
import type {RolloutStatus, Target, TargetEvent} from '../target/target.ts';
import {rolloutStatus} from './guard.ts';

export type Follow = {
  readonly target: Target;
  readonly workloads: readonly Ref[];
  /** How long to wait for those that neither get ready nor fail. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Told whenever one of them is another than before. */
  readonly onStatus?: (statuses: readonly RolloutStatus[]) => void;
};

/**
 * Follows workloads until all are ready, one fails, the time is over or it is aborted. Returns how they are then.
 * @throws {TargetError}
 */
export async function followRollouts({
  target,
  workloads,
  seconds,
  signal,
  onStatus,
}: Follow): Promise<readonly RolloutStatus[]> {
  const inventory = new Inventory();
  const stop = new AbortController();
  const end = AbortSignal.any([
    stop.signal,
    AbortSignal.timeout(seconds * 1000),
    ...(signal ? [signal] : []),
  ]);
  let statuses: readonly RolloutStatus[] = [];
  let isRead = false;
  let told = '';
  await target.watch((events) => {
    for (const event of events) isRead = take(event, inventory) || isRead;
    if (!isRead) return;
    statuses = workloads.map((ref) => rolloutStatus(inventory, ref));
    const text = JSON.stringify(statuses);
    if (text !== told) onStatus?.(statuses);
    told = text;
    const isOver =
      statuses.every(({state}) => state === 'ready') || statuses.some(({state}) => state === 'failing');
    if (isOver) stop.abort();
  }, end);
  return statuses;
}

/** Whether everything was read with this event. */
function take(event: TargetEvent, inventory: Inventory): boolean {
  if (event.type === 'set') inventory.set(event.resource);
  if (event.type === 'delete') inventory.delete(event.key);
  return event.type === 'ready';
}
