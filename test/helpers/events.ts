import {Inventory} from '../../src/engine/inventory.ts';
import type {TargetEvent} from '../../src/target/target.ts';

/** Takes a target's events into an inventory, as the program does. */
export function intoInventory(events: readonly TargetEvent[], inventory = new Inventory()): Inventory {
  for (const event of events) {
    if (event.type === 'set') inventory.set(event.resource);
    if (event.type === 'delete') inventory.delete(event.key);
    if (event.type === 'coverage') {
      inventory.setGap(
        event.kind,
        event.reason === undefined
          ? undefined
          : {reason: event.reason, ...(event.permission === undefined ? {} : {permission: event.permission})},
      );
    }
    if (event.type === 'scope') inventory.setScope(event.namespaces);
    if (event.type === 'unreadable') inventory.setUnreadable(event.source, event.message);
    if (event.type === 'readable') inventory.setUnreadable(event.source, undefined);
  }
  return inventory;
}
