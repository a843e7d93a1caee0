import type {Fix} from '../engine/change.ts';
import {isWorkload} from '../engine/pod-spec.ts';
import {plainText} from '../engine/text.ts';
import {policySpaces} from '../fix/keep-policy.ts';
import type {Detail, State} from './state.ts';

export type NextItem = {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** Previewed at once, instead of the control being opened. */
  readonly fix?: {readonly approach: string; readonly fix: Fix};
};

/** The control that looks for Pod Security labels. */
export const labelControl = 'C-0068';

/** After a fix of workloads: the label that keeps their namespace so, where all that runs there meets it now. */
function keepItSo(state: State, after: string): readonly NextItem[] {
  const {screen} = state;
  if (screen.name !== 'result' || after === labelControl) return [];
  const spaces = new Set(
    screen.entry.steps
      .filter(({item, state: step}) => isWorkload(item.ref.kind) && (step === 'done' || step === 'written'))
      .map(({item}) => item.ref.namespace),
  );
  for (const {name, fixes} of state.details.get(labelControl)?.approaches ?? []) {
    for (const {fix} of fixes) {
      const [step] = fix.change.steps;
      if (fix.kind === 'manual' || step?.do !== 'edit' || step.object.kind !== 'Namespace') continue;
      const namespace = step.object.name;
      if (!spaces.has(namespace)) continue;
      const [edit] = step.edits;
      const level = edit?.op === 'set' && 'json' in edit.value ? ` ${String(edit.value.json)}` : '';
      const title = `Keep it so: enforce${level} in ${plainText(namespace)}`;
      return [{id: labelControl, title, why: 'one label', fix: {approach: name, fix}}];
    }
  }
  return [];
}

/** The policy that keeps the control where nothing fails it now. */
function keepByPolicy({screen}: State, after: string): readonly NextItem[] {
  if (screen.name !== 'result' || screen.keep === undefined) return [];
  const fix = screen.keep;
  const title = `Keep it so: a policy in ${plainText(policySpaces(fix))}`;
  return [{id: after, title, why: 'warns or refuses', fix: {approach: fix.approach, fix}}];
}

/** What may come after a result: the walk's next control, then those that gain most. */
export function nextItems(state: State, after: string): readonly NextItem[] {
  const walk = [...state.below, state.screen].find((screen) => screen.name === 'walk');
  if (state.scan === undefined || walk?.name !== 'walk') return [];
  const failing = state.scan.controls.filter(({status, entry}) => status === 'failed' && entry.id !== after);
  const start = walk.order.indexOf(after) + 1;
  const order = [...walk.order.slice(start), ...walk.order.slice(0, start)];
  const first = order.find((id) => failing.some(({entry}) => entry.id === id));
  const byCount = failing.toSorted((a, b) => b.failed - a.failed).map(({entry}) => entry.id);
  const byGain = failing
    .filter(({entry}) => (state.gains.get(entry.id) ?? 0) > 0)
    .toSorted((a, b) => (state.gains.get(b.entry.id) ?? 0) - (state.gains.get(a.entry.id) ?? 0))
    .map(({entry}) => entry.id);
  const ids = [...new Set([...(first ? [first] : []), ...byGain, ...byCount])].slice(0, 3);
  return [
    ...keepItSo(state, after),
    ...ids.map((id): NextItem => {
      const result = failing.find(({entry}) => entry.id === id);
      return {id, title: result?.entry.title ?? '', why: whyOf(state.details.get(id), result?.failed ?? 0)};
    }),
    // It is known last: nothing above it moves.
    ...keepByPolicy(state, after),
  ];
}

/** What is offered may come late, above the cursor too: the cursor stays on its item. */
export function onSameItem(before: State, after: State): State {
  const [old, screen] = [before.screen, after.screen];
  if (old.name !== 'result' || screen.name !== 'result' || screen.cursor === 0) return after;
  const item = nextItems(before, old.controlId)[old.cursor];
  const items = nextItems(after, screen.controlId);
  const cursor = items.findIndex(
    ({id, fix}) => id === item?.id && (fix === undefined) === (item.fix === undefined),
  );
  return cursor < 0 || cursor === screen.cursor ? after : {...after, screen: {...screen, cursor}};
}

function whyOf(detail: Detail | undefined, failed: number): string {
  const approach = detail?.approaches[0];
  if (approach === undefined) return `${failed} ${failed === 1 ? 'object fails' : 'objects fail'}`;
  if (approach.kind === 'manual') return `guided, ${approach.steps.length} steps`;
  if (approach.safe.size > 0) return `automatic, clears ${approach.safe.size}`;
  return `${approach.kind}, clears ${approach.clears.size}`;
}
