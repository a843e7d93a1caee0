import type {ControlResult} from '../../engine/scan.ts';
import {plainText} from '../../engine/text.ts';
import {highlighted} from '../components/highlight.ts';
import {marked} from '../components/marks.ts';
import {wordOf} from '../filter.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  accent,
  cutLine,
  cutMiddle,
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
import {controlRoom, fixRoom} from '../rooms.ts';
import {resultOf, visibleRows} from '../select.ts';
import type {ControlScreen, FailingRow, State} from '../state.ts';
import {type FailingColumns as Columns, columnsOf, headOf, nameOf} from './control-columns.ts';
import {fixLines} from './control-fixes.ts';

/** The failing objects of a control, and below them the fixes. */
export function failingBody(
  state: State,
  screen: ControlScreen,
  width: number,
  height: number,
): {readonly position: string; readonly lines: readonly Line[]} {
  const detail = state.details.get(screen.id);
  const result = resultOf(state, screen.id);
  if (detail === undefined) return {position: '', lines: []};
  if (detail.rows.length === 0) return {position: '', lines: passing(result, width)};
  const rows = visibleRows(screen, detail);
  const room = controlRoom(state, rows.length);
  const index = Math.max(
    0,
    rows.findIndex(({key}) => key === screen.cursor),
  );
  const top = windowTop(screen.top, index, rows.length, room);
  const shown = rows.slice(top, top + room);
  const columns = columnsOf(detail, width);
  const below = rows.length - top - shown.length;
  const list = [
    line('      ', dim(headOf(columns))),
    ...shown.map((row) => rowLine(screen, row, columns, width)),
    ...(below > 0 ? [line('      ', dim(`${GLYPHS.more} ${below} more`))] : []),
    ...(result !== undefined && result.excluded > 0 ? [acceptedLine(result)] : []),
    ...(rows.length === 0 ? [line(`      Nothing matches ${screen.filter}. / changes the filter.`)] : []),
  ];
  const fixes = shortened(fixLines(state, screen, detail, width), fixRoom(state));
  const filler = Math.max(1, Math.min(height - list.length - fixes.length, 1));
  const filter = screen.filter === '' ? '' : `filter "${screen.filter}"   `;
  const marks = screen.marks.size > 0 ? `${screen.marks.size} marked   ` : '';
  return {
    position: `${filter}${marks}${top + 1}-${top + shown.length} of ${rows.length}`,
    lines: [...list, ...Array.from({length: filler}, () => EMPTY), ...fixes],
  };
}

function passing(result: ControlResult | undefined, width: number): readonly Line[] {
  const {all = 0, excluded = 0, evidence = []} = result ?? {};
  const accepted = excluded > 0 ? `, ${excluded} of them accepted` : '';
  const text =
    all === 0
      ? 'Nothing here is of its kind, so nothing can fail.'
      : `${all === 1 ? 'The only object passes' : `All ${all} objects pass`}${accepted}. n goes on to the next control that fails.`;
  // What no API object says is worth as much as where it is known from.
  const sources = evidence.flatMap((one) => wrap(`It is ${one}.`, width - 4));
  return [
    ...marked(good(GLYPHS.passed), text, width).map((one) => line('  ', ...one)),
    ...(sources.length > 0 ? [EMPTY, ...sources.map((one) => line('    ', dim(one)))] : []),
  ];
}

const acceptedLine = ({excluded, exclusions}: ControlResult): Line =>
  line('    ', dim(GLYPHS.same), ' ', dim(`${excluded} accepted: ${plainText(exclusions[0]?.reason ?? '')}`));

function rowLine(screen: ControlScreen, row: FailingRow, columns: Columns, width: number): Line {
  const chosen = row.key === screen.cursor;
  const word = wordOf(screen.filter);
  const extra =
    columns.extra === 0
      ? ''
      : columns.extraRight
        ? `${padStart(row.extra, columns.extra - 2)}  `
        : padEnd(row.extra, columns.extra - 2).padEnd(columns.extra);
  const text = [
    ...highlighted(
      padEnd(padEnd(plainText(row.ref.namespace), columns.namespace - 2), columns.namespace),
      word,
    ),
    ...highlighted(
      padEnd(padEnd(nameOf(row, columns.kinds, columns.shortKinds), columns.name - 2), columns.name),
      word,
    ),
    {text: extra},
    {text: columns.where > 0 ? padEnd(cutMiddle(row.source, columns.where - 2), columns.where) : ''},
  ].map((span) => (chosen ? {...span, bold: true} : span));
  const made = cutLine(
    line(
      chosen ? accent(GLYPHS.cursor) : ' ',
      ' ',
      screen.marks.has(row.key) ? '[x] ' : '[ ] ',
      text,
      row.found,
    ),
    width + 2,
  );
  return chosen ? select(made, width + 2) : made;
}

/** The lines that there is room for; the last one tells where the rest is. */
const shortened = (lines: readonly Line[], room: number): readonly Line[] =>
  lines.length <= room
    ? lines
    : [
        ...lines.slice(0, room - 1),
        line('  ', dim(`${GLYPHS.more} ${lines.length - room + 1} more lines, enter shows all`)),
      ];
