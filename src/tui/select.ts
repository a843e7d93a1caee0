import {type Fix, type FixKind, type Step, stepKey} from '../engine/change.ts';
import {nodeFileRef} from '../engine/node-file.ts';
import {type Ref, refOfObject} from '../engine/objects.ts';
import type {ControlResult} from '../engine/scan.ts';
import type {Plan, PlanItem} from '../fix/plan.ts';
import {matches, parseFilter} from './filter.ts';
import type {Approach, ControlScreen, Detail, FailingRow, PreviewScreen, State} from './state.ts';

/** The result of a control in the last scan. */
export const resultOf = (state: State, id: string): ControlResult | undefined =>
  state.scan?.controls.find(({entry}) => entry.id === id);

/** Whether something is being written, so that leaving has to be asked. */
export const isBusy = (state: State): boolean =>
  state.screen.name === 'applying' && state.screen.phase === 'writing';

/** The detail of the walk's or the control screen's control. */
export function currentDetail(state: State): Detail | undefined {
  const {screen} = state;
  if (screen.name === 'control') return state.details.get(screen.id);
  if (screen.name === 'walk')
    return screen.cursor === undefined ? undefined : state.details.get(screen.cursor);
  return undefined;
}

/** The approach that is recommended for what is safe: the first automatic one that clears something. */
export const safeApproach = (detail: Detail): number =>
  detail.approaches.findIndex(({safe}) => safe.size > 0);

export const isSafe = (state: State): boolean => {
  const detail = currentDetail(state);
  return detail?.approaches.some(({kind}) => kind !== 'manual') ?? false;
};

export const approachOf = (screen: ControlScreen, detail: Detail | undefined): Approach | undefined =>
  detail?.approaches[screen.approach];

const chosenFixes = new WeakMap<ReadonlySet<string>, WeakMap<Approach, readonly Fix[]>>();
const nothing: readonly Fix[] = [];

/** Fixes of an approach that clear something of one of these objects; kept, since each frame asks several times. */
export function fixesFor(approach: Approach | undefined, keys: ReadonlySet<string>): readonly Fix[] {
  if (approach === undefined || approach.kind === 'manual') return nothing;
  const known = chosenFixes.get(keys) ?? new WeakMap<Approach, readonly Fix[]>();
  chosenFixes.set(keys, known);
  let fixes = known.get(approach);
  if (fixes === undefined) {
    fixes = [...new Set([...keys].flatMap((key) => approach.byKey.get(key) ?? nothing))];
    known.set(approach, fixes);
  }
  return fixes;
}

const worst = ['automatic', 'review', 'recreate', 'manual'] as const;

/** The worst kind of fixes: how an approach is called for what is chosen. */
export const kindOf = (fixes: readonly Fix[]): FixKind =>
  worst.findLast((kind) => fixes.some((fix) => fix.kind === kind)) ?? 'manual';

/** Keys that `a` works on: the marked ones, else the one under the cursor. */
export function chosenKeys(screen: ControlScreen, detail: Detail | undefined): ReadonlySet<string> {
  if (screen.marks.size > 0) return screen.marks;
  const key = screen.cursor ?? detail?.rows[0]?.key;
  return new Set(key === undefined ? [] : [key]);
}

/** What `a` would preview on the control screen. */
export function selectedFixes(state: State): readonly Fix[] {
  if (state.screen.name !== 'control') return [];
  const detail = state.details.get(state.screen.id);
  return fixesFor(approachOf(state.screen, detail), chosenKeys(state.screen, detail));
}

type Filtered = {readonly filter: string; readonly rows: readonly FailingRow[]};
const filtered = new WeakMap<Detail['rows'], Filtered>();

/** Rows of the control screen that its filter lets through; kept, since each frame asks several times. */
export function visibleRows(screen: ControlScreen, detail: Detail | undefined): readonly FailingRow[] {
  if (detail === undefined) return [];
  const {filter} = screen;
  if (filter === '') return detail.rows;
  const known = filtered.get(detail.rows);
  if (known?.filter === filter) return known.rows;
  const wanted = parseFilter(filter);
  const rows = detail.rows.filter(({ref, found, source, fields}) =>
    matches(wanted, {
      texts: [ref.name, ref.namespace, ref.kind, found, source, ...fields],
      namespace: ref.namespace,
      kind: ref.kind,
      failed: true,
      domain: undefined,
    }),
  );
  filtered.set(detail.rows, {filter, rows});
  return rows;
}

export type PreviewObject = {
  readonly key: string;
  readonly ref: Ref;
  readonly item: PlanItem | undefined;
  readonly out: boolean;
};

/** The objects of a preview, odd ones first; those that were left out stay, without an item. */
export function previewObjects(state: State): readonly PreviewObject[] {
  return state.screen.name === 'preview' ? objectsOf(state.screen) : [];
}

type Listed = Pick<PreviewScreen, 'leftOut' | 'order'> & {
  readonly plan: Plan | undefined;
  readonly objects: readonly PreviewObject[];
};
const listed = new WeakMap<PreviewScreen['change'], Listed>();

/** Of one preview; kept, since each frame asks several times and there may be thousands. */
export function objectsOf(screen: PreviewScreen): readonly PreviewObject[] {
  const {change, leftOut, order, phase} = screen;
  const plan = phase.is === 'ready' ? phase.plan : screen.shown;
  const known = listed.get(change);
  if (known && known.plan === plan && known.leftOut === leftOut && known.order === order)
    return known.objects;
  const objects = listObjects(screen, plan);
  listed.set(change, {plan, leftOut, order, objects});
  return objects;
}

function listObjects(
  {change, leftOut, order}: PreviewScreen,
  plan: Plan | undefined,
): readonly PreviewObject[] {
  const items = new Map((plan?.items ?? []).map((item) => [stepKey(item.step), item]));
  const objects = change.steps.map((step): PreviewObject => {
    const key = stepKey(step);
    return {key, ref: refOfStep(step), item: items.get(key), out: leftOut.has(key)};
  });
  if (order === undefined) return objects.toSorted((a, b) => rankOf(a) - rankOf(b));
  const places = new Map(order.map((key, index) => [key, index]));
  return objects.toSorted((a, b) => (places.get(a.key) ?? -1) - (places.get(b.key) ?? -1));
}

const rankOf = ({item}: PreviewObject): number =>
  item === undefined ? 3 : item.rejection !== undefined ? 0 : isOdd(item) ? 1 : 2;

function refOfStep(step: Step): Ref {
  if (step.do === 'create') return refOfObject(step.object.base);
  if (step.do === 'file') return nodeFileRef(step.node, step.file);
  return step.object;
}

export const isOdd = (item: PlanItem): boolean =>
  item.rejection !== undefined ||
  item.owner !== undefined ||
  item.impact.length > 0 ||
  item.warnings.length > 0 ||
  item.confirmedBy === 'computed';
