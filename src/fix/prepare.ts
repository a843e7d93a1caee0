import type {Change, Edit, Question, Step} from '../engine/change.ts';
import {answerValue, UnresolvedError} from '../engine/edits.ts';
import type {Inventory} from '../engine/inventory.ts';
import type {Json} from '../engine/json.ts';
import {describe, refId} from '../engine/objects.ts';
import {parseQuantity} from '../engine/quantity.ts';
import {inSlices, type Work} from '../engine/slices.ts';
import type {Access, PreviewItem, Target, TargetKind} from '../target/target.ts';
import {missingNeed, needsSentence} from './depends.ts';
import {nodeFileRemarks} from './impact/node-files.ts';
import type {Consequence} from './impact/situation.ts';
import {impactOf} from './impact.ts';
import {ownerOf, ownerRemarks} from './ownership.ts';
import type {Mark, Plan, PlanItem, Remark} from './plan.ts';

export type Prepare = {
  readonly target: Target;
  readonly inventory: Inventory;
  readonly change: Change;
  /** By question id; what is not answered takes its suggestion. */
  readonly answers?: ReadonlyMap<string, string>;
  /** What the person may write: a step that can't be dry-run is refused for what is missing. */
  readonly access?: Access | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Previews a change and answers what a person asks before it: does the server take it, what may break, who owns it.
 * @throws {UnresolvedError} a question without answer or suggestion, or an answer that is no quantity.
 * @throws {TargetError} the target can't be asked.
 */
export async function preparePlan({
  target,
  inventory,
  change,
  answers = new Map(),
  access,
  signal,
}: Prepare): Promise<Plan> {
  const asked = withAnswers(change, answers);
  const previewed = await target.preview(asked, signal);
  const answered = yieldingAnswers({inventory, kind: target.kind, previewed, access});
  return {change: asked, answers, ...(await inSlices(answered, {signal}))};
}

/** The four answers about what was previewed, with pauses: there may be thousands of objects. */
function* yieldingAnswers(given: {
  readonly inventory: Inventory;
  readonly kind: TargetKind;
  readonly previewed: readonly PreviewItem[];
  readonly access: Access | undefined;
}): Work<Pick<Plan, 'items' | 'server' | 'breaks' | 'owners'>> {
  const {inventory, kind, access} = given;
  const previews = yield* withNeeds(given.previewed, access);
  const consequences = yield* impactOf(inventory, previews, kind);
  const causes = Map.groupBy(
    consequences.filter(({mark}) => mark !== 'passed'),
    ({cause}) => cause && refId(cause),
  );
  const general = causes.get(undefined) ?? [];
  const items: PlanItem[] = [];
  for (const item of previews) {
    const owner = item.step.do === 'create' ? undefined : ownerOf(item.before);
    const own = causes.get(refId(item.ref)) ?? [];
    // In the order in which they were found.
    const impact = own.length === 0 ? general : consequences.filter((one) => isOf(one, item));
    items.push({...item, owner, impact: impact.map(remarkOf)});
    yield;
  }
  return {
    items,
    server: serverRemarks(previews),
    breaks: inOrder([...nodeFileRemarks(previews), ...consequences.map(remarkOf)]),
    owners: inOrder(ownerRemarks(previews, inventory)),
  };
}

const isOf = ({cause, mark}: Consequence, {ref}: PreviewItem): boolean =>
  mark !== 'passed' && (cause === undefined || refId(cause) === refId(ref));

function withDenial(item: PreviewItem, access: Access | undefined): PreviewItem {
  const denial = item.rejection === undefined ? access?.denial(item.step) : undefined;
  // The server that took the dry run knows better than its own advice.
  return denial === undefined || item.confirmedBy === 'server' ? item : {...item, rejection: denial.reason};
}

/** What an earlier step is needed for is refused with it, as it will be when it is applied. */
function* withNeeds(
  previewed: readonly PreviewItem[],
  access: Access | undefined,
): Work<readonly PreviewItem[]> {
  const items = previewed.map((item) => withDenial(item, access));
  const refused = new Set([...items.keys()].filter((index) => items[index]?.rejection !== undefined));
  if (refused.size === 0) return items;
  const needing: PreviewItem[] = [];
  for (const [index, item] of items.entries()) {
    const missing = refused.has(index) ? undefined : missingNeed(items, index, (at) => refused.has(at));
    if (missing !== undefined) refused.add(index);
    needing.push(missing === undefined ? item : {...item, rejection: needsSentence(missing), needs: missing});
    yield;
  }
  return needing;
}

const remarkOf = ({mark, text, object}: Remark): Remark => ({
  mark,
  text,
  ...(object === undefined ? {} : {object}),
});

const order: readonly Mark[] = ['failed', 'look', 'passed', 'same'];

/** `failed` before `look` before `passed`, each text once. */
function inOrder(remarks: readonly Remark[]): readonly Remark[] {
  const texts = new Set<string>();
  const once = remarks.filter(({text}) => !texts.has(text) && texts.add(text));
  return order.flatMap((mark) => once.filter((remark) => remark.mark === mark));
}

/** The change with every question answered. @throws {UnresolvedError} */
export function withAnswers(change: Change, answers: ReadonlyMap<string, string>): Change {
  const answer = (edit: Edit): Edit => {
    if (edit.op === 'remove' || !('ask' in edit.value)) return edit;
    return {...edit, value: {json: answerOf(edit.value.ask, answers)}};
  };
  const steps = change.steps.map((step): Step => {
    if (step.do === 'create') {
      const {edits} = step.object;
      return edits === undefined ? step : {...step, object: {...step.object, edits: edits.map(answer)}};
    }
    return 'edits' in step ? {...step, edits: step.edits.map(answer)} : step;
  });
  return {...change, steps};
}

function answerOf(question: Question, answers: ReadonlyMap<string, string>): Json {
  const answer = answers.get(question.id)?.trim() || question.suggestion;
  if (answer === undefined)
    throw new UnresolvedError(`The ${question.label} is not known: enter it.`, question);
  if (question.type === 'quantity' && parseQuantity(answer) === undefined) {
    throw new UnresolvedError(
      `The ${question.label} ${answer} is no quantity: 500m, 2, 128Mi, 1Gi are.`,
      question,
    );
  }
  if (question.type === 'choice' && question.choices && !question.choices.includes(answer)) {
    throw new UnresolvedError(`The ${question.label} is one of ${question.choices.join(', ')}.`, question);
  }
  return answerValue(question, answer);
}

const noServer = 'No server was asked: the result was parsed again and holds exactly the intended values.';

/** The second answer: whether the server takes the change, and what it warns of. */
export function serverRemarks(items: readonly PreviewItem[]): readonly Remark[] {
  const refused = items.filter(({rejection}) => rejection !== undefined);
  const computed = items.filter((item) => item.confirmedBy === 'computed' && item.rejection === undefined);
  const taken = items.filter((item) => item.confirmedBy !== 'computed' && item.rejection === undefined);
  const warned = items.filter(({warnings}) => warnings.length > 0);
  const warnings = [...new Set(warned.flatMap((item) => item.warnings))];
  const remarks: Remark[] = refused.map(({ref, rejection, confirmedBy, needs}) => ({
    mark: 'failed',
    text: needs
      ? `${describe(ref)} is left out: it needs ${describe(needs)}, which is refused.`
      : confirmedBy === 'parsed'
        ? `${describe(ref)} stays as it is: ${rejection}`
        : `It refuses ${describe(ref)}: ${rejection}`,
    object: ref,
  }));
  if (taken.some(({confirmedBy}) => confirmedBy === 'parsed')) {
    const text = [noServer, ...warnings].join(' ');
    return inOrder([...remarks, {mark: warnings.length > 0 ? 'look' : 'passed', text}]);
  }
  if (warnings.length > 0) {
    remarks.push({
      mark: 'look',
      text: `It accepts ${amount(taken, items)} (dry run, strict) and warns: ${warnings.join(' ')}`,
    });
  }
  if (computed.length > 0) {
    const names = computed.map(({ref}) => describe(ref));
    const list =
      names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    remarks.push({
      mark: 'look',
      text: `${list}: computed, not confirmed by the server, which can't be asked about it yet.`,
    });
  }
  if (taken.length > 0 && warnings.length === 0) {
    const silent = refused.length === 0 && computed.length === 0 ? ' and gives no warning' : '';
    remarks.push({mark: 'passed', text: `It accepts ${amount(taken, items)} (dry run, strict)${silent}.`});
  }
  return remarks.length > 0 ? inOrder(remarks) : [{mark: 'same', text: 'There is nothing to change.'}];
}

const amount = (taken: readonly PreviewItem[], all: readonly PreviewItem[]): string => {
  if (all.length === 1) return 'the change';
  if (taken.length < all.length) return `${taken.length} of ${all.length}`;
  return all.length === 2 ? 'both' : `all ${all.length}`;
};
