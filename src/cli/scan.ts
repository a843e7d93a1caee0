import type {Framework} from '../engine/control.ts';
import {Inventory} from '../engine/inventory.ts';
import {Scanner, type ScanResult} from '../engine/scan.ts';
import type {Target, TargetEvent} from '../target/target.ts';

/** Puts the events of a target into an inventory. */
export function fill(inventory: Inventory, events: readonly TargetEvent[]): void {
  for (const event of events) {
    if (event.type === 'set') inventory.set(event.resource);
    else if (event.type === 'delete') inventory.delete(event.key);
    else if (event.type === 'unreadable') inventory.setUnreadable(event.source, event.message);
    else if (event.type === 'readable') inventory.setUnreadable(event.source, undefined);
    else if (event.type === 'coverage') {
      const {kind, reason, permission} = event;
      inventory.setGap(
        kind,
        reason === undefined ? undefined : {reason, ...(permission === undefined ? {} : {permission})},
      );
    }
  }
}

/** Lists a target once and scans it. @throws {TargetError} */
export async function scanTarget(
  target: Target,
  framework: Framework,
  signal?: AbortSignal,
): Promise<ScanResult> {
  const inventory = new Inventory();
  fill(inventory, await target.list(signal));
  return new Scanner(framework, inventory).scan();
}
