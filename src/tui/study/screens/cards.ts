import {isRight, letterOf} from '../../../learn/cards.ts';
import type {ObjectCard} from '../../../learn/generated-cards.ts';
import {intervals, spanText} from '../../../learn/schedule.ts';
import {markSpan} from '../../components/marks.ts';
import {accent, bold, cut, dim, EMPTY, type Line, line, padEnd, wrap} from '../../layout.ts';
import {PROSE} from '../../sizes.ts';
import type {AnyCard, CardsScreen, State} from '../state.ts';
import {markdownLines} from './markdown.ts';

/** One question; the back says why each answer is right or wrong. */
export function cardsBody(state: State, screen: CardsScreen, height: number): readonly Line[] {
  const width = Math.min(PROSE, state.columns - 4);
  const card = screen.queue[screen.index];
  if (screen.side === 'done' || card === undefined) return doneLines(state, screen, width);
  const notice = changedLines(state, card, width);
  const front = [...questionLines(card, width), ...notice, EMPTY, ...optionLines(card, screen, width)];
  if (screen.side === 'front') return scrolledRows(front, screen.scroll, height);
  const last = screen.placing
    ? [line('  ', accent('enter'), ' goes on.')]
    : [EMPTY, ...gradeLines(state, card, isRight(card, screen.marked), width)];
  const back = backLines(state, card, screen, width);
  const whole = [...questionLines(card, width), ...notice, EMPTY, ...back];
  // The answer matters most: where both don't fit, the question leaves.
  const room = height - last.length;
  const shown = whole.length <= room ? whole : [...line2(card, width), ...notice, ...back];
  return [...scrolledRows(shown, screen.scroll, room), ...last];
}

const line2 = (card: AnyCard, width: number): readonly Line[] => [
  line('  ', bold(cut(firstLine(card), width))),
  EMPTY,
];
const firstLine = ({question}: AnyCard): string => question.split('\n')[0] ?? '';

/** What a question says of its objects may be of yesterday: people change them, also from here. */
function changedLines({changed}: State, card: AnyCard, width: number): readonly Line[] {
  if (!isOfObjects(card)) return [];
  const names = card.options.flatMap(({text}, index) =>
    changed.has(card.objects[index]?.key ?? '') ? [text] : [],
  );
  if (names.length === 0) return [];
  const [is, what] = names.length === 1 ? ['has', 'This object'] : ['have', 'These objects'];
  const text = `${what} ${is} changed since the question was drawn: ${names.join(', ')}. The answer is that of before.`;
  return wrap(text, width - 2).map((part, index) =>
    line('  ', index === 0 ? markSpan('look') : ' ', ' ', part),
  );
}

const isOfObjects = (card: AnyCard): card is ObjectCard => card.generated && 'rows' in card;

function questionLines(card: AnyCard, width: number): readonly Line[] {
  const text = markdownLines(card.question, width).map((one) => line('  ', ...one));
  const own = isOfObjects(card) ? [line('  ', dim('From the objects of this cluster.'))] : [];
  const yaml = card.yaml
    ? [EMPTY, ...card.yaml.split('\n').map((one) => line('    ', cut(one, width - 2)))]
    : [];
  return [...text, ...own, ...yaml];
}

function optionLines(card: AnyCard, screen: CardsScreen, width: number): readonly Line[] {
  const several = card.generated || card.options.filter(({correct}) => correct).length > 1;
  const options = card.options.flatMap(({text}, index) => {
    const mark = screen.marked.has(index) ? '[x]' : '[ ]';
    return wrap(text, width - 8).map((part, row) =>
      row === 0
        ? line('  ', mark, ' ', accent(letterOf(index)), '  ', part)
        : line('  ', ' '.repeat(7), part),
    );
  });
  const table = isOfObjects(card) ? tableLines(card, width) : [];
  return [
    ...(table.length > 0 ? [...table, EMPTY] : []),
    ...options,
    EMPTY,
    line('  ', dim(several ? 'One answer is right, or several.' : 'One answer is right.')),
  ];
}

/** What the objects say, in columns below each other's letters. */
function tableLines(card: ObjectCard, width: number): readonly Line[] {
  const name = Math.min(26, Math.max(...card.rows.map(([field]) => field.length)) + 2);
  const column = Math.floor((width - name) / card.options.length);
  const row = (cells: readonly string[]) =>
    cells.map((cell) => padEnd(cut(cell, column - 2), column)).join('');
  return [
    line('  ', ' '.repeat(name), accent(row(card.options.map((_, index) => letterOf(index))))),
    ...card.rows.map(([field, ...values]) =>
      line('  ', dim(padEnd(cut(field, name - 1), name)), row(values)),
    ),
  ];
}

/** Where it can be read: a lesson by its title, or a page. */
function sourceText({lessons}: State, {source}: AnyCard): string {
  const [, id = '', heading] = /^([a-z-]+)#(.+)$/.exec(source) ?? [];
  const lesson = lessons.get(id);
  return lesson ? `From the lesson ${lesson.title}, ${heading}.` : `From ${source}.`;
}

function backLines(state: State, card: AnyCard, screen: CardsScreen, width: number): readonly Line[] {
  const letters = (of: (index: number) => boolean) => {
    const list = card.options.flatMap((_, index) => (of(index) ? [letterOf(index)] : []));
    if (list.length === 0) return 'none';
    return list.length === 1 ? list[0]! : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  };
  const said = `You said ${letters((index) => screen.marked.has(index))}. Right: ${letters((index) => card.options[index]!.correct)}.`;
  return [
    line('  ', isRight(card, screen.marked) ? {text: said, role: 'good'} : {text: said, role: 'bad'}),
    EMPTY,
    ...card.options.flatMap(({why}, index) =>
      wrap(why, width - 3).map((part, row) =>
        row === 0 ? line('  ', accent(letterOf(index)), '  ', part) : line('     ', part),
      ),
    ),
    EMPTY,
    ...wrap(card.explanation, width).map((text) => line('  ', text)),
    ...wrap(sourceText(state, card), width).map((text) => line('  ', dim(text))),
  ];
}

function gradeLines(state: State, card: AnyCard, right: boolean, width: number): readonly Line[] {
  const spans = intervals(state.progress.cards[card.id], new Date(state.now));
  const each = (['again', 'hard', 'good', 'easy'] as const).map(
    (word, index) => `${index + 1} ${word} ${spanText(spans[(index + 1) as 1 | 2 | 3 | 4])}`,
  );
  const whole = `How was it?  ${each.join('   ')}`;
  const lines =
    whole.length <= width ? [whole] : ['How was it?', `${each[0]}  ${each[1]}`, `${each[2]}  ${each[3]}`];
  return [...lines, `enter: ${right ? '3 good' : '1 again'}`].map((text) => line('  ', text));
}

function doneLines(state: State, screen: CardsScreen, width: number): readonly Line[] {
  const all = screen.queue.length;
  const text = screen.placing
    ? `You had ${screen.right} of ${all} right. The map on the study home begins with that, and today's fifteen minutes follow from it.`
    : `You had ${screen.right} of ${all} right. ${nextDue(state)}`;
  return [
    ...wrap(text, width).map((part) => line('  ', part)),
    EMPTY,
    line('  ', accent('enter'), ' goes to the study home.'),
  ];
}

function nextDue({progress, now}: State): string {
  const times = Object.values(progress.cards).map(({due}) => Date.parse(due));
  const next = Math.min(...times.filter((due) => due > now));
  return Number.isFinite(next) ? `The next card is due in ${spanText(next - now)}.` : '';
}

function scrolledRows(lines: readonly Line[], top: number, height: number): readonly Line[] {
  const first = Math.max(0, Math.min(top, lines.length - height));
  const shown = lines.slice(first, first + height);
  const rest = lines.length - first - shown.length;
  return rest > 0 ? [...shown.slice(0, -1), line('  ', dim(`jk scrolls, ${rest + 1} more lines`))] : shown;
}
