import {plainText} from '../../engine/text.ts';
import type {Plan, Remark} from '../../fix/plan.ts';
import {GLYPHS} from '../glyphs.ts';
import {bad, cutLine, dim, good, type Line, line, padEnd, type Span, wrap} from '../layout.ts';
import type {Field, Forecast, State} from '../state.ts';
import {hasSafer, saferText} from '../values.ts';
import {scoreAnswer} from './forecast.ts';
import {markSpan} from './marks.ts';

/** A remark whose mark is drawn in a way of its own. */
type Told = {readonly span: Span; readonly text: string};
type Answer = {
  readonly label: string;
  readonly remarks: readonly (Remark | Told)[];
};

const labelWidth = 11;

/** The four answers before a change, always in this order: Score, Server, May break, Owner. */
export function answerLines(
  state: State,
  controlId: string,
  plan: Plan,
  forecast: Forecast | undefined,
  width: number,
  most: number,
  consequences: readonly string[] = [],
  fields: readonly Field[] = [],
): readonly Line[] {
  const score = scoreAnswer(state, controlId, forecast);
  const scoreMark =
    score.mark === 'gain' ? good('+') : score.mark === 'loss' ? bad('-') : markSpan(score.mark);
  const told = consequences.filter((text) => !plan.breaks.some((remark) => remark.text === text));
  const breaks: readonly Remark[] = [
    ...plan.breaks.filter(({mark}) => mark === 'failed'),
    ...told.map((text): Remark => ({mark: 'look', text: plainText(text)})),
    ...plan.breaks.filter(({mark}) => mark !== 'failed'),
  ];
  const answers: readonly Answer[] = [
    {label: 'Score', remarks: [{span: scoreMark, text: score.text}]},
    {label: 'Server', remarks: plan.server},
    {label: 'May break', remarks: breaks},
    {label: 'Owner', remarks: plan.owners},
    ...(plan.breaks.some(({mark}) => mark === 'failed') && hasSafer(fields)
      ? [{label: 'Instead', remarks: [{mark: 'same' as const, text: insteadText(fields)}]}]
      : []),
  ];
  for (let each = 40; each > 1; each -= 1) {
    const lines = linesOf(answers, width, each);
    if (lines.length <= most) return lines;
  }
  return answers.map(({label, remarks: [first]}) =>
    cutLine(
      line(dim(padEnd(label, labelWidth)), first && spanOf(first), ' ', plainText(first?.text ?? '')),
      width,
    ),
  );
}

const spanOf = (remark: Remark | Told): Span => ('span' in remark ? remark.span : markSpan(remark.mark));

const insteadText = (fields: readonly Field[]): string =>
  plainText(`${saferText(fields)}. v takes ${fields.length === 1 ? 'this value' : 'these values'}.`);

function linesOf(answers: readonly Answer[], width: number, each: number): readonly Line[] {
  const room = width - labelWidth - 2;
  return answers.flatMap(({label, remarks}) => {
    const shown = remarks.length > each ? remarks.slice(0, each) : remarks;
    const hidden = remarks.length - shown.length;
    const rows = shown.flatMap((remark) =>
      wrap(plainText(remark.text), room).map((part, index) =>
        line(index === 0 ? spanOf(remark) : ' ', ' ', part),
      ),
    );
    const all = hidden > 0 ? [...rows, line('  ', dim(`${GLYPHS.more} ${hidden} more, y shows all`))] : rows;
    return all.map((row, index) => line(dim(padEnd(index === 0 ? label : '', labelWidth)), ...row));
  });
}
