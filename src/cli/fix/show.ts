import {type DiffLine, fold, objectDiff, textDiff} from '../../engine/diff.ts';
import {describe} from '../../engine/objects.ts';
import type {ScanResult} from '../../engine/scan.ts';
import {formatScore} from '../../engine/score.ts';
import {plainText} from '../../engine/text.ts';
import type {Chosen} from '../../fix/choose.ts';
import type {Plan, PlanItem, Remark} from '../../fix/plan.ts';
import type {Look} from '../look.ts';

/** The scores before a change, and as they would be after it. */
export type Outlook = {readonly before: ScanResult; readonly after: ScanResult};

/** `Deployment shop/web and 2 more`: what a plan touches. */
export function nameOf({items}: Plan): string {
  const names = [...new Set(items.map(({ref}) => plainText(describe(ref))))];
  return names.length > 1 ? `${names[0]} and ${names.length - 1} more` : (names[0] ?? 'nothing');
}

/** A change as a person decides about it: the diff, then the four answers. */
export function planText(plan: Plan, chosen: readonly Chosen[], outlook: Outlook, look: Look): string {
  const kinds = [...new Set(chosen.map(({fix}) => fix.kind))].join(', ');
  const controls = [...new Set(chosen.map(({control}) => control))].join(' ');
  const title = [nameOf(plan), kinds, controls].filter(Boolean).join('  ');
  const consequences = [...new Set(chosen.flatMap(({fix}) => fix.consequence ?? []))];
  const lines = [
    '',
    look.paint(title, {bold: true}),
    ...plan.items.flatMap((item) => itemLines(item, plan.items.length > 1, look)),
    '',
    ...answer('Score', [{mark: 'same', text: scoreText(outlook)}], look),
    ...answer('Server', plan.server, look),
    ...answer(
      'May break',
      [...plan.breaks, ...consequences.map((text): Remark => ({mark: 'look', text}))],
      look,
    ),
    ...answer('Owner', plan.owners, look),
  ];
  return lines.join('\n');
}

function itemLines(item: PlanItem, isOneOfMany: boolean, look: Look): readonly string[] {
  const {text, before, after, rejection, ref, warnings} = item;
  const lines = text ? textDiff(text.shown.before, text.shown.after) : objectDiff(before, after);
  return [
    ...(isOneOfMany ? [`  ${plainText(describe(ref))}${text ? `, ${plainText(text.file)}` : ''}`] : []),
    ...(rejection === undefined ? folded(lines, look) : []),
    ...(text ? warnings.map((warning) => `  ${mark('look', look)} ${plainText(warning)}`) : []),
  ];
}

const folded = (lines: readonly DiffLine[], look: Look): readonly string[] =>
  fold(lines).map((row) => {
    if ('folded' in row) return look.paint(look.ascii(`  ⋯ ${row.folded} lines as they are`), {role: 'dim'});
    const text = `  ${row.sign} ${plainText(row.text)}`.trimEnd();
    return row.sign === ' ' ? text : look.paint(text, {role: row.sign === '+' ? 'good' : 'bad'});
  });

const labelWidth = 11;

function answer(label: string, remarks: readonly Remark[], look: Look): readonly string[] {
  return remarks.map(
    ({mark: one, text}, index) =>
      `  ${(index === 0 ? label : '').padEnd(labelWidth)}${mark(one, look)} ${look.ascii(plainText(text))}`,
  );
}

const marks = {
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  look: ['!', 'warn'],
  same: ['=', 'dim'],
} as const;

function mark(one: Remark['mark'], look: Look): string {
  const [glyph, role] = marks[one];
  return look.paint(look.ascii(glyph), {role});
}

const scoreText = ({before, after}: Outlook): string => {
  const was = formatScore(before.framework.scoring, before.score);
  const is = formatScore(after.framework.scoring, after.score);
  const moved = before.controls.flatMap((control, index) => {
    const then = after.controls[index];
    return then && then.failed !== control.failed
      ? [`${control.entry.id}: ${control.failed} ➜ ${then.failed}`]
      : [];
  });
  const score = was === is ? `${was} stays ${is}.` : `${was} ➜ ${is}.`;
  return moved.length === 0 ? score : `${score} Failing: ${moved.join(', ')}.`;
};

/** `58.0 -> 58.7`. */
export const scoreChange = ({before, after}: Outlook): string =>
  `${formatScore(before.framework.scoring, before.score)} -> ${formatScore(after.framework.scoring, after.score)}`;
