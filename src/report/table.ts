import {type ControlResult, type ScanResult, walkOrder} from '../engine/scan.ts';
import {spacesText} from '../engine/scope-text.ts';
import {formatScore} from '../engine/score.ts';
import {plainText} from '../engine/text.ts';
import type {Comparison, PlacedFinding} from './baseline.ts';

/** How the output shows colour and glyphs; ASCII without colour unless it is a terminal. */
export type TableLook = {
  paint(text: string, style: {readonly role?: 'dim' | 'accent' | 'good' | 'bad' | 'warn'}): string;
  readonly colour: boolean;
  readonly glyphs: boolean;
  readonly columns: number;
};

export type TableOptions = {
  /** `practice cluster home`, `homelab (LIVE)`. */
  readonly target: string;
  readonly version: string;
  /** Number of the CKS domain of a practice, empty where the outline has none. */
  readonly domain: (practice: string) => string;
  /** Seconds that reading and scanning took. */
  readonly seconds: number;
  /** Ends the text: what to run next, one command a line. */
  readonly hints: readonly (readonly [command: string, meaning: string])[];
  /** Further paragraphs: what is new, what has expired. */
  readonly notes: readonly string[];
  readonly look: TableLook;
};

/** The scan as a table, lowest score first; the name stands last, so that it is never cut. */
export function scanTable(result: ScanResult, options: TableOptions): string {
  const evaluated = walkOrder(result.controls).filter(({status}) => status !== 'notEvaluated');
  const {look} = options;
  const hasLines = look.glyphs && look.columns >= widest(evaluated) + lineCells + 2;
  const scope = result.scope ? `, ${spacesText(result.scope)}` : '';
  const title = plainText(
    `kubekata ${options.version}, ${options.target}${scope}, framework ${result.framework.id}`,
  );
  const head = `${hasMarks(look) ? '  ' : ''}FAILED  EXCLUDED   ALL  ${hasLines ? ' '.repeat(lineCells + 2) : ''}SUCCESS  CKS  CONTROL`;
  const lines = [
    title,
    '',
    look.paint(head, {role: 'dim'}),
    ...evaluated.map((control) => row(control, result, options, hasLines)),
    ...notEvaluated(result, look),
    ...incomplete(result, look),
    ...options.notes,
    '',
    summary(result, options.seconds),
  ];
  const lowest = evaluated[0];
  if (lowest && lowest.failed > 0) {
    const {id, title} = lowest.entry;
    lines.push(`The lowest is ${id} ${title}, ${lowest.failed} of ${lowest.all} fail.`);
  }
  const width = Math.max(0, ...options.hints.map(([command]) => command.length));
  lines.push(...options.hints.map(([command, meaning]) => `  ${command.padEnd(width)}   ${meaning}`));
  return `${lines.join('\n')}\n`;
}

/** Where colour or glyphs are seen; plain text needs none, its numbers say it. */
const hasMarks = ({colour, glyphs}: TableLook): boolean => colour || glyphs;

const lineCells = 9;
/** Up to the name: mark, numbers, domain. */
const numbersWidth = 40;
const widest = (controls: readonly ControlResult[]): number =>
  numbersWidth + Math.max(0, ...controls.map(({entry}) => entry.id.length + entry.title.length + 1));

function row(control: ControlResult, result: ScanResult, options: TableOptions, hasLine: boolean): string {
  const {look} = options;
  const failed = control.failed > 0;
  const [glyph, letter] = failed ? ['✗', 'x'] : ['✓', 'o'];
  const mark = look.paint(look.glyphs ? glyph : letter, {role: failed ? 'bad' : 'good'});
  return [
    hasMarks(look) ? `${mark} ` : '',
    String(control.failed).padStart(6),
    String(control.excluded).padStart(10),
    String(control.all).padStart(6),
    hasLine ? `  ${scoreLine(control.compliance, look)}` : '',
    `${formatScore(result.framework.scoring, control.compliance)}%`.padStart(9),
    options.domain(control.entry.control.meta.practice).padStart(5),
    `  ${control.entry.id} ${control.entry.title}`,
  ].join('');
}

/** Heavy for what passes, light for what fails; above 0 at least one heavy cell, below 100 one light one. */
function scoreLine(score: number, look: TableLook): string {
  const cells = Math.floor((lineCells * score) / 100);
  const heavy = score > 0 && score < 100 ? Math.min(lineCells - 1, Math.max(1, cells)) : cells;
  return (
    look.paint('╍'.repeat(heavy), {role: 'accent'}) + look.paint('╌'.repeat(lineCells - heavy), {role: 'dim'})
  );
}

function notEvaluated(result: ScanResult, look: TableLook): readonly string[] {
  const controls = result.controls.filter(({status}) => status === 'notEvaluated');
  if (controls.length === 0) return [];
  const mark = hasMarks(look) ? `${look.paint('?', {role: 'warn'})} ` : '  ';
  return [
    '',
    `Not evaluated (${controls.length}), no part of the score:`,
    ...controls.map(({entry, reason}) => `${mark}${entry.id} ${entry.title}: ${plainText(reason ?? '')}`),
  ];
}

function incomplete(result: ScanResult, look: TableLook): readonly string[] {
  if (result.incomplete.length === 0) return [];
  const mark = hasMarks(look) ? `${look.paint('!', {role: 'warn'})} ` : '  ';
  return [
    '',
    `Not read (${result.incomplete.length}), so this result is incomplete:`,
    ...result.incomplete.map((one) => `${mark}${plainText(one)}`),
  ];
}

/** Acceptances whose end has passed: these objects fail again. */
export function expiredNotes({controls}: ScanResult): readonly string[] {
  const expired = controls.flatMap(({entry, status, failures}) =>
    (status === 'failed' ? failures : []).flatMap(({resource, reason}) =>
      reason === undefined ? [] : [`  ${entry.id} ${resource.id}: ${reason}`],
    ),
  );
  return expired.length === 0
    ? []
    : ['', `Accepted once, failing again (${expired.length}):`, ...expired.map(plainText)];
}

const mostShown = 50;

/** What an earlier report did not have, and how much of it is gone. */
export function baselineNotes({added, gone}: Comparison, file: string): readonly string[] {
  const line = ({control, object, finding}: PlacedFinding): string =>
    plainText(`  ${control.id} (${control.severity}) ${object.source}: ${finding.message}`);
  const more = added.length - mostShown;
  return [
    '',
    `New since ${plainText(file)}: ${added.length === 0 ? 'nothing' : added.length}. Gone: ${gone.length === 0 ? 'nothing' : gone.length}.`,
    ...added.slice(0, mostShown).map(line),
    ...(more > 0 ? [`  and ${more} more: --format json has all`] : []),
  ];
}

function summary(result: ScanResult, seconds: number): string {
  const count = (status: ControlResult['status']) =>
    result.controls.filter((one) => one.status === status).length;
  const score =
    result.score === undefined ? 'No score' : `Score ${formatScore(result.framework.scoring, result.score)}`;
  return (
    `${score}. ${count('failed')} controls fail, ${count('passed')} pass, ` +
    `${count('notEvaluated')} are not evaluated. ${result.verdicts} verdicts in ${seconds.toFixed(1)} s.`
  );
}
