import {Inventory} from '../../engine/inventory.ts';
import {tookEffect} from '../../engine/simulate-file.ts';
import type {Plan} from '../../fix/plan.ts';
import type {TargetEvent} from '../../target/target.ts';
import {fill} from '../scan.ts';
import type {OpenTarget} from '../targets.ts';

const patience = 15_000;
const pause = 250;

/** The target as it is once the kubelets took over what was written in their files; after some seconds, as it is then. */
export async function settledEvents(target: OpenTarget, plan: Plan): Promise<readonly TargetEvent[]> {
  const end = Date.now() + patience;
  for (;;) {
    const events = await target.list();
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
