import {describe} from '../../engine/objects.ts';
import type {JournalEntry} from '../../fix/plan.ts';
import {answerLines} from '../components/answers.ts';
import {diffLines} from '../components/diff.ts';
import {changeText} from '../components/title-bar.ts';
import {whenText} from '../entry-text.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  bad,
  beside,
  bold,
  cutLine,
  dim,
  EMPTY,
  good,
  type Line,
  line,
  padEnd,
  padStart,
  select,
  wrap,
} from '../layout.ts';
import {windowTop} from '../lists.ts';
import {changesRoom} from '../rooms.ts';
import {contentWidth, isNarrow, leftPaneWidth, rightPaneWidth, twoPanes} from '../sizes.ts';
import type {ChangesScreen, State} from '../state.ts';

/** What was applied here, and below it what undoing the chosen one would do. */
export function changesBody(state: State, screen: ChangesScreen, height: number): readonly Line[] {
  const {entries, connection} = state;
  if (entries.length === 0) {
    return wrap(
      `No changes yet. What you apply to ${connection?.name ?? 'a target'} appears here and can be taken back.`,
      contentWidth(state),
    ).map((text) => line('  ', text));
  }
  if (twoPanes(state)) {
    const left = leftPaneWidth(state);
    const width = rightPaneWidth(state);
    return beside(list(state, screen, left - 3), undoPart(state, screen, width, height), left, height);
  }
  const width = contentWidth(state);
  const rows = list(state, screen, width);
  const undo = undoPart(state, screen, width, height - rows.length - 1);
  return [...rows, EMPTY, ...undo.map((one) => line('  ', ...one))];
}

function list(state: State, screen: ChangesScreen, width: number): readonly Line[] {
  const {entries} = state;
  const room = changesRoom(state, entries.length);
  const top = windowTop(screen.top, screen.cursor, entries.length, room);
  const shown = entries.slice(top, top + room);
  const below = entries.length - top - shown.length;
  const narrow = isNarrow(state) || width < 70;
  const when = Math.max(6, ...shown.map((entry) => whenText(entry.at, state.now).length + 2));
  const title = width - 4 - (narrow ? 0 : when) - (narrow ? 0 : 16) - 13;
  const head = narrow
    ? `${padStart('#', 2)}  ${padEnd('Change', title)}  ${padEnd('State', 11)}`
    : `${padStart('#', 2)}  ${padEnd('When', when)}${padEnd('Change', title)}${padStart('Objects', 9)}${padStart('Score', 7)}  State`;
  return [
    line('  ', dim(head)),
    ...shown.map((entry, index) =>
      rowOf(state, entry, top + index === screen.cursor, narrow ? undefined : when, title, width),
    ),
    ...(below > 0 ? [line('  ', dim(`${GLYPHS.more} ${below} more`))] : []),
  ];
}

function rowOf(
  state: State,
  entry: JournalEntry,
  chosen: boolean,
  when: number | undefined,
  title: number,
  width: number,
): Line {
  const scoring = state.scan?.framework.scoring ?? 'mean';
  const change = changeText(scoring, entry.scoreBefore, entry.scoreAfter);
  const number = padStart(String(entry.number), 2);
  const name = {
    text: padEnd(entry.title, when === undefined ? title : title - 1),
    ...(chosen ? {bold: true} : {}),
  };
  const row =
    when === undefined
      ? line(chosen ? GLYPHS.cursor : ' ', ' ', number, '  ', name, '  ', entry.state)
      : line(
          chosen ? GLYPHS.cursor : ' ',
          ' ',
          number,
          '  ',
          padEnd(whenText(entry.at, state.now), when),
          name,
          ' ',
          padStart(String(entry.steps.length), 9),
          change.startsWith('-') ? bad(padStart(change, 7)) : good(padStart(change || '0', 7)),
          '  ',
          entry.state,
        );
  const fitting = cutLine(row, width + 2);
  return chosen ? select(fitting, width + 2) : fitting;
}

function undoPart(state: State, screen: ChangesScreen, width: number, height: number): readonly Line[] {
  const {undo} = screen;
  const entry = state.entries[screen.cursor];
  if (entry === undefined) return [];
  const spinner = GLYPHS.spinner[state.tick % GLYPHS.spinner.length]!;
  switch (undo.is) {
    case 'none':
      return [line(entry.state === 'undone' ? `Change ${entry.number} is taken back already.` : '')];
    case 'asking':
      return [line(bold(`Undo of change ${entry.number}`)), EMPTY, line(dim(`${spinner} asking the server`))];
    case 'failed':
      return [
        line(bold(`Undo of change ${entry.number}`)),
        EMPTY,
        ...wrap(undo.text, width - 2).map((text, index) =>
          line(index === 0 ? bad(GLYPHS.failed) : ' ', ' ', text),
        ),
      ];
    case 'ready': {
      const [item] = undo.plan.items;
      const answers = answerLines(state, '', undo.plan, undo.forecast, width, Math.max(4, height - 8));
      if (item === undefined) return answers;
      const many = undo.plan.items.length > 1 ? `, 1 of ${undo.plan.items.length}` : '';
      const diff = diffLines(item, false, width);
      const room = Math.max(1, height - answers.length - 3);
      const shown = diff.length > room ? diff.slice(0, room - 1) : diff;
      return [
        line(bold(`Undo of change ${entry.number}, ${describe(item.ref)}${many}`)),
        EMPTY,
        ...shown,
        ...(shown.length < diff.length
          ? [line('  ', dim(`${GLYPHS.more} ${diff.length - shown.length} more lines`))]
          : []),
        EMPTY,
        ...answers,
      ].map((one) => cutLine(one, width));
    }
  }
}
