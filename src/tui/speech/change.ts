import {objectDiff, textDiff} from '../../engine/diff.ts';
import {describe} from '../../engine/objects.ts';
import {plainText} from '../../engine/text.ts';
import type {Plan, PlanItem, Remark} from '../../fix/plan.ts';
import {scoreAnswer} from '../components/forecast.ts';
import {objectsOf} from '../select.ts';
import type {ApplyingScreen, Field, Forecast, PreviewScreen, State} from '../state.ts';
import {problemOf} from '../update/preview.ts';
import {hasSafer, saferText} from '../values.ts';
import {place, remarked, said, sentence} from './words.ts';

/** The four answers, each with its name. */
export function answerWords(
  state: State,
  controlId: string,
  plan: Plan,
  forecast: Forecast | undefined,
  consequences: readonly string[] = [],
  fields: readonly Field[] = [],
): readonly string[] {
  const score = scoreAnswer(state, controlId, forecast);
  const told = consequences.filter((text) => !plan.breaks.some((remark) => remark.text === text));
  const answers: readonly (readonly [string, readonly Remark[]])[] = [
    ['Server', plan.server],
    ['May break', [...plan.breaks, ...told.map((text): Remark => ({mark: 'look', text}))]],
    ['Owner', plan.owners],
  ];
  const safer = plan.breaks.some(({mark}) => mark === 'failed') && hasSafer(fields);
  return [
    `Score: ${said(score.text)}`,
    ...answers.flatMap(([name, remarks]) =>
      remarks.map((remark) => `${name}: ${remarked({mark: remark.mark, text: plainText(remark.text)})}`),
    ),
    ...(safer ? [`Instead: ${plainText(saferText(fields))}. v takes it.`] : []),
  ];
}

export function previewWords(state: State, screen: PreviewScreen): readonly string[] {
  const {phase} = screen;
  switch (phase.is) {
    case 'questions':
      return formWords(screen.title, phase);
    case 'asking':
      return [`Preview of ${screen.title}.`, 'The server is asked what it would store.'];
    case 'failed':
      return [
        `failed: ${phase.title}`,
        ...phase.details,
        'Nothing was applied. ctrl-r asks again, esc goes back.',
      ];
    case 'ready': {
      const objects = objectsOf(screen);
      const index = Math.min(screen.cursor, objects.length - 1);
      const object = objects[index];
      return [
        `Preview of ${screen.title}, ${screen.kind}.`,
        object
          ? `${place('Object', index, objects.length)}: ${sentence(describe(object.ref), object.out && 'left out')}`
          : 'No object is left.',
        ...(object?.item ? diffWords(object.item) : []),
        ...answerWords(
          state,
          screen.controlId,
          phase.plan,
          phase.forecast,
          screen.consequences,
          screen.fields,
        ),
      ];
    }
  }
}

const mostLines = 40;

/** What an object gets and loses; of a new one all of it. */
function diffWords(item: PlanItem): readonly string[] {
  if (item.rejection !== undefined) return [`failed: ${plainText(item.rejection)}`];
  const lines = item.text
    ? textDiff(item.text.shown.before, item.text.shown.after)
    : objectDiff(item.before, item.after);
  const changed = lines.filter(({sign}) => sign !== ' ');
  const more = changed.length - mostLines;
  return [
    ...(item.text ? [`In ${item.text.file}.`] : []),
    ...changed
      .slice(0, mostLines)
      .map(({sign, text}) => `${sign === '+' ? 'added' : 'removed'}, ${plainText(text.trim())}`),
    ...(more > 0 ? [`and ${more} more lines.`] : []),
  ];
}

function formWords(
  title: string,
  phase: Extract<PreviewScreen['phase'], {is: 'questions'}>,
): readonly string[] {
  const {fields, cursor, foresight} = phase;
  const field = fields[cursor];
  if (field === undefined) return [];
  const {question, label, text, edited} = field;
  const problem = problemOf(field);
  return [
    `Values for ${title}.`,
    `${place('Field', cursor, fields.length)}: ${sentence(
      label,
      text === '' ? 'not known' : text,
      edited ? 'from you' : question.reason,
      question.choices && `one of ${question.choices.join(', ')}, left and right choose`,
    )}`,
    ...(problem === undefined ? [] : [`failed: ${problem}`]),
    ...(foresight ?? []).map(remarked),
  ];
}

export function applyingWords(screen: ApplyingScreen): readonly string[] {
  const written = screen.steps.filter(({state}) => state === 'written').length;
  const refused = screen.steps.filter(({state}) => state === 'refused');
  return [
    screen.number === undefined || screen.undo
      ? `${screen.title}.`
      : `Change ${screen.number}, ${screen.title}.`,
    screen.journalled ? 'The journal is written, so that it can be undone.' : 'The journal is being written.',
    `${written} of ${screen.steps.length} objects written.`,
    ...refused.map(({ref, reason, leftOut}) =>
      sentence(`${describe(ref)} ${leftOut ? 'left out' : 'refused'}`, reason),
    ),
    ...screen.guard.flatMap(({ref, state, ready, wanted, reasons}) => [
      `${state}: ${describe(ref)}, ${ready} of ${wanted} ready.`,
      ...reasons,
    ]),
    ...(screen.takesBackAt === undefined
      ? []
      : [`It is taken back in ${Math.max(0, screen.takesBackAt - screen.seconds)} seconds. esc keeps it.`]),
    ...(screen.phase === 'failed' ? screen.problem : []),
  ];
}
