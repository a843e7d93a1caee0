// Applies one change and is killed where it is told to: `KILL=journalled:0 | applied:N | written:N`.
import type {Change} from '../../src/engine/change.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import type {Target} from '../../src/target/target.ts';
import {intoInventory} from '../helpers/events.ts';

const {KUBECONFIG: kubeconfig, STATE: state = '', CHANGE: text = '', KILL: kill = ''} = process.env;
const die = (place: string): void => {
  if (place === kill) process.kill(process.pid, 'SIGKILL');
};

const live = await liveTarget({kubeconfig});
let writes = 0;
const target: Target = {
  kind: live.kind,
  name: live.name,
  address: live.address,
  environment: live.environment,
  identity: () => live.identity(),
  list: (signal) => live.list(signal),
  watch: (onEvents, signal) => live.watch(onEvents, signal),
  preview: (change, signal) => live.preview(change, signal),
  read: (ref, signal) => live.read(ref, signal),
  close: () => live.close(),
  async apply(item) {
    const applied = await live.apply(item);
    die(`applied:${writes++}`);
    return applied;
  },
};
const inventory = intoInventory(await target.list());
const plan = await preparePlan({target, inventory, change: JSON.parse(text) as Change});
await applyPlan({
  target,
  plan,
  journal: new Journal(state, await target.identity()),
  title: 'crash',
  onEvent: (event) => {
    if (event.type === 'journalled') die('journalled:0');
    if (event.type === 'written') die(`written:${event.index}`);
  },
});
await target.close();
