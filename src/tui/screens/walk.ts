import {domainOf} from '../../engine/curriculum.ts';
import type {ControlResult} from '../../engine/scan.ts';
import {highlighted} from '../components/highlight.ts';
import {wordOf} from '../filter.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  bar,
  beside,
  dim,
  EMPTY,
  ends,
  good,
  type Line,
  line,
  padEnd,
  padStart,
  type Span,
  select,
  warn,
} from '../layout.ts';
import {outlineOf, visibleControls, windowTop} from '../lists.ts';
import {walkRoom} from '../rooms.ts';
import {
  contentWidth,
  isNarrow,
  lastWidth,
  leftPaneWidth,
  middleWidth,
  rightPaneWidth,
  threePanes,
  twoPanes,
} from '../sizes.ts';
import type {State, WalkScreen} from '../state.ts';
import {walkObjects, walkPane, walkStrip} from './walk-pane.ts';

/** The walk: controls from the weakest on, and what the chosen one is about. */
export function walkBody(state: State, screen: WalkScreen, height: number): readonly Line[] {
  if (!twoPanes(state)) {
    const width = contentWidth(state);
    const strip = walkStrip(state, width);
    const list = listLines(state, screen, width);
    const filler = Array.from({length: Math.max(0, height - list.length - strip.length)}, () => EMPTY);
    return [...list, ...filler, ...strip];
  }
  const left = leftPaneWidth(state);
  const list = listLines(state, screen, left - 3);
  if (!threePanes(state)) return beside(list, walkPane(state, rightPaneWidth(state), height), left, height);
  const middle = middleWidth(state);
  const both = beside(list, walkPane(state, middle, height), left, height);
  return beside(both, walkObjects(state, lastWidth(state), height), left + 3 + middle, height);
}

function listLines(state: State, screen: WalkScreen, width: number): readonly Line[] {
  const ids = visibleControls(state, screen);
  const room = walkRoom(state, ids.length);
  const index = Math.max(0, ids.indexOf(screen.cursor ?? ''));
  const top = windowTop(screen.top, index, ids.length, room);
  const columns = columnsOf(state, width);
  const byId = new Map((state.scan?.controls ?? []).map((result) => [result.entry.id, result]));
  const rows = ids.slice(top, top + room).flatMap((id) => {
    const result = byId.get(id);
    return result ? [rowLine(state, screen, result, columns, id === screen.cursor)] : [];
  });
  const below = ids.length - top - rows.length;
  return [
    headLine(state, screen, ids.length, width),
    line('  ', dim(headText(columns))),
    ...rows,
    ...(below > 0 ? [line('  ', dim(`${GLYPHS.more} ${below} more`))] : []),
    ...(ids.length === 0 ? nothing(state, screen) : []),
  ];
}

function nothing(state: State, screen: WalkScreen): readonly Line[] {
  if (state.connection?.status === 'loading') return [];
  if (screen.domain !== undefined && screen.filter === '') {
    return [EMPTY, line('  No control of this framework belongs to this domain. esc shows all of them.')];
  }
  if (screen.filter !== '')
    return [EMPTY, line(`  Nothing matches ${screen.filter}. esc clears the filter.`)];
  return [EMPTY, line('  There is nothing to look at here.')];
}

function headLine(state: State, screen: WalkScreen, shown: number, width: number): Line {
  const {scan} = state;
  const isWell =
    state.connection?.status === 'watching' &&
    scan !== undefined &&
    scan.controls.every(({status}) => status === 'passed');
  const title = line(
    '  ',
    isWell
      ? good('Every control passes')
      : screen.by === 'score'
        ? 'Lowest score first'
        : 'Most gained first',
    screen.domain !== undefined && `, domain ${screen.domain} only`,
  );
  if (scan === undefined) return title;
  const count = (status: ControlResult['status']) =>
    scan.controls.filter((one) => one.status === status).length;
  const right =
    screen.filter === ''
      ? `${count('failed')} fail   ${count('passed')} pass   ${count('notEvaluated')} not evaluated`
      : `${shown} of ${scan.controls.length}, filter "${screen.filter}"`;
  return ends(title, [{text: right}], width + 2);
}

type Columns = {
  readonly id: number;
  readonly title: number;
  /** Of the numbers, with the blank before them: wider where there are ten thousands. */
  readonly failed: number;
  readonly all: number;
  /** All columns after the title. */
  readonly rest: number;
  readonly excluded: boolean;
  readonly bar: boolean;
  readonly narrow: boolean;
};

function columnsOf(state: State, width: number): Columns {
  const controls = state.scan?.controls ?? [];
  const id = Math.max(8, ...controls.map(({entry}) => entry.id.length + 2));
  const excluded = controls.some((one) => one.excluded > 0);
  const most = Math.max(0, ...controls.map(({all}) => String(all).length));
  if (isNarrow(state)) {
    // `10000 of 10000`
    const failed = Math.max(11, 2 * most + 5);
    const rest = failed + 6;
    return {id, title: width - id - rest, failed, all: 0, rest, excluded: false, bar: false, narrow: true};
  }
  const failed = Math.max(7, most + 2);
  const all = Math.max(excluded ? 6 : 5, most + 2);
  const rest = failed + all + (excluded ? 19 : 20);
  return {id, title: width - id - rest, failed, all, rest, excluded, bar: !excluded, narrow: false};
}

function headText({id, title, failed, all, rest, excluded, narrow}: Columns): string {
  const name = padEnd('Control', id + title);
  const head = `${name}${padStart('Failed', failed)}`;
  if (narrow) return `${head}${padStart('Score', 6)}`;
  const middle = `${excluded ? padStart('Excluded', 10) : ''}${padStart('All', all)}`;
  return `${head}${middle}${padStart('Score', excluded ? 6 : 16)}${padStart('CKS', 4)}`.slice(
    0,
    id + title + rest,
  );
}

function rowLine(
  state: State,
  screen: WalkScreen,
  result: ControlResult,
  columns: Columns,
  chosen: boolean,
): Line {
  const {entry, status, failed, all, excluded} = result;
  const word = wordOf(screen.filter);
  const name = [
    ...highlighted(padEnd(entry.id, columns.id), word),
    ...highlighted(padEnd(entry.title, columns.title), word),
  ].map((span) => (chosen ? {...span, bold: true} : span));
  const known = status !== 'notEvaluated';
  const score = scoreSpan(state, screen, result);
  const numbers = (value: number): string => (known ? String(value) : '-');
  const cells: readonly (Span | string | Line)[] = columns.narrow
    ? [padStart(known ? `${failed} of ${all}` : '-', columns.failed), score]
    : [
        padStart(numbers(failed), columns.failed),
        columns.excluded && padStart(numbers(excluded), 10),
        padStart(numbers(all), columns.all),
        columns.bar && '  ',
        columns.bar && (known ? bar(result.compliance, 9) : dim(GLYPHS.dots.repeat(9))),
        score,
        padStart(cksOf(state, result), 3),
      ].filter((part) => part !== false);
  // Numbers that may still change stand back.
  const loading = state.connection?.status === 'loading';
  const shown = loading ? cells.map((cell) => (typeof cell === 'string' ? dim(cell) : cell)) : cells;
  const row = line(chosen ? GLYPHS.cursor : ' ', ' ', name, ...shown);
  const width = 2 + columns.id + columns.title + columns.rest;
  return chosen ? select(row, width) : row;
}

function scoreSpan(state: State, screen: WalkScreen, result: ControlResult): Span {
  const {entry, status} = result;
  if (status === 'notEvaluated') return warn(padStart(GLYPHS.unknown, 6));
  if (screen.by === 'gain' && status === 'failed') {
    const gain = state.gains.get(entry.id);
    if (gain === undefined) return dim(padStart('', 6));
    return gain >= 0.05 ? good(padStart(`+${gain.toFixed(1)}`, 6)) : dim(padStart('0', 6));
  }
  const text = padStart(`${Math.floor(result.compliance + 1e-9)}%`, 6);
  return state.connection?.status === 'loading' ? dim(text) : {text};
}

function cksOf(state: State, result: ControlResult): string {
  const lesson = state.lessons.get(result.entry.control.meta.practice);
  const domain = lesson && domainOf(lesson, outlineOf(state));
  return domain ? String(domain.number) : '-';
}
