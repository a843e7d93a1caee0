import {Inventory} from '../../engine/inventory.ts';
import {tookEffect} from '../../engine/simulate-file.ts';
import type {Plan} from '../../fix/plan.ts';
import {TargetError, type TargetEvent} from '../../target/target.ts';
import {fill} from '../scan.ts';
import type {OpenTarget} from '../targets.ts';

const patience = 15_000;
const pause = 250;

/** An API server that starts anew refuses connections for a moment. @throws {TargetError} when it stays away */
async function listed(target: OpenTarget, end: number): Promise<readonly TargetEvent[]> {
  for (;;) {
    try {
      return await target.list();
    } catch (error) {
      const isAway = error instanceof TargetError && error.problem === 'unreachable';
      if (!isAway || Date.now() > end) throw error;
    }
  }
}

/** The target as it is once the kubelets took over what was written in their files; after some seconds, as it is then. */
export async function settledEvents(target: OpenTarget, plan: Plan): Promise<readonly TargetEvent[]> {
  const end = Date.now() + patience;
  for (;;) {
    const events = await listed(target, end);
    const inventory = new Inventory();
    fill(inventory, events, target.fromHere);
    const isDone = plan.items.every(
      ({step, after, rejection}) =>
        step.do !== 'file' || rejection !== undefined || tookEffect(step, after, inventory),
    );
    if (isDone || Date.now() > end) return events;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
