import type {Fix, FixKind} from '../../engine/change.ts';
import type {Failure, View} from '../../engine/control.ts';
import {describe} from '../../engine/objects.ts';
import {type ControlResult, type ScanResult, walkOrder} from '../../engine/scan.ts';
import {plainText} from '../../engine/text.ts';
import {answersTo, answerTo} from '../../fix/choose.ts';

export type Leaving = {
  readonly kinds: ReadonlySet<FixKind>;
  readonly given: ReadonlyMap<string, string>;
  readonly refused: ReadonlyMap<string, string>;
  /** Ids of changes that the person did not want. */
  readonly declined: ReadonlySet<string>;
};

/** Reasons are looked up one object at a time, which is no work for thousands of them. */
const mostPerControl = 20;

/** What still fails after the fixes, and why: a sentence each, equal reasons of a control told once. */
export function leftOf(result: ScanResult, view: View, leaving: Leaving): readonly string[] {
  const failing = walkOrder(result.controls).filter(({status}) => status === 'failed');
  return failing.flatMap((control) => leftOfControl(control, view, leaving));
}

function leftOfControl(control: ControlResult, view: View, leaving: Leaving): readonly string[] {
  const {id} = control.entry;
  const byReason = Map.groupBy(control.failures.slice(0, mostPerControl), (failure) =>
    reasonOf(control, failure, view, leaving),
  );
  const lines = [...byReason].map(([reason, failures]) => {
    const [first, ...others] = failures.map(({resource}) => describe(resource));
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `Left: ${id} ${plainText(first ?? '')}${more}: ${plainText(reason)}`;
  });
  const unseen = control.failures.length - mostPerControl;
  return unseen > 0 ? [...lines, `Left: ${id} fails for ${unseen} more objects.`] : lines;
}

function reasonOf({entry}: ControlResult, failure: Failure, view: View, leaving: Leaving): string {
  const {kinds, given, refused, declined} = leaving;
  const fixes = [...entry.control.fixes([failure], view)];
  const rejection = fixes.map(({change}) => refused.get(change.id)).find((reason) => reason !== undefined);
  if (rejection !== undefined) return rejection;
  if (fixes.some(({change}) => declined.has(change.id))) return 'You said no.';
  const open = fixes.find((fix) => kinds.has(fix.kind) && answersTo(fix.asks, given) === undefined);
  if (open) return openQuestion(open, given);
  for (const kind of ['automatic', 'review', 'recreate'] as const) {
    const fix = fixes.find((one) => one.kind === kind && one.change.steps.length > 0);
    if (fix && !kinds.has(kind)) return notIncluded(fix);
  }
  const steps = fixes.find((fix) => fix.kind === 'manual')?.steps ?? [];
  return steps[0] ?? `There is no fix to apply. kubekata explain ${entry.id} tells what to do.`;
}

function openQuestion(fix: Fix, given: ReadonlyMap<string, string>): string {
  const question = fix.asks.find((one) => answerTo(one, given) === undefined);
  if (question === undefined) return fix.summary;
  const name = question.label.split(' of ')[0] ?? question.label;
  // Where a form asks for it, the reason ends with what to type.
  const [why = '', rest] = question.reason.split(': type a value');
  const flag = `--answer "${name}=VALUE"`;
  return rest === undefined
    ? `the ${question.label} is not known, ${why}. Give it by ${flag}.`
    : `the ${question.label} is not known: ${why}. Give a value${rest === '' ? '' : `${rest},`} by ${flag}.`;
}

function notIncluded({kind, summary, consequence}: Fix): string {
  const what = kind === 'recreate' ? consequence : (consequence ?? `${summary}.`);
  return `${what ?? summary} Look at it, then add --include ${kind}.`;
}
