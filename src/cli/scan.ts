import type {Framework} from '../engine/control.ts';
import {Inventory} from '../engine/inventory.ts';
import {type Accept, Scanner, type ScanResult} from '../engine/scan.ts';
import type {TargetEvent} from '../target/target.ts';
import type {OpenTarget} from './targets.ts';

/** Puts the events of a target into an inventory, places written as `place` has them. */
export function fill(
  inventory: Inventory,
  events: readonly TargetEvent[],
  place: (source: string) => string = (source) => source,
): void {
  for (const event of events) {
    if (event.type === 'set') {
      const {resource} = event;
      inventory.set(resource.source === 'live' ? resource : {...resource, source: place(resource.source)});
    } else if (event.type === 'delete') inventory.delete(event.key);
    else if (event.type === 'unreadable') inventory.setUnreadable(place(event.source), event.message);
    else if (event.type === 'readable') inventory.setUnreadable(place(event.source), undefined);
    else if (event.type === 'scope') inventory.setScope(event.namespaces);
    else if (event.type === 'coverage') {
      const {kind, reason, permission} = event;
      inventory.setGap(
        kind,
        reason === undefined ? undefined : {reason, ...(permission === undefined ? {} : {permission})},
      );
    }
  }
}

export type Scanned = {
  readonly inventory: Inventory;
  readonly scanner: Scanner;
  readonly result: ScanResult;
};

/** Lists a target once and scans it. @throws {TargetError} */
export async function scanTarget(
  target: OpenTarget,
  framework: Framework,
  accept?: Accept,
  signal?: AbortSignal,
): Promise<Scanned> {
  const events = await target.list(signal);
  signal?.throwIfAborted();
  return scanEvents(events, target, framework, accept);
}

/** Scans what a target listed. */
export function scanEvents(
  events: readonly TargetEvent[],
  target: OpenTarget,
  framework: Framework,
  accept?: Accept,
): Scanned {
  const inventory = new Inventory();
  fill(inventory, events, target.fromHere);
  const scanner = new Scanner(framework, inventory, accept);
  return {inventory, scanner, result: scanner.scan()};
}
