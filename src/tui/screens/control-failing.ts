import type {FixKind} from '../../engine/change.ts';
import {scoreArrow} from '../components/forecast.ts';
import {highlighted} from '../components/highlight.ts';
import {marked} from '../components/marks.ts';
import {wordOf} from '../filter.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  accent,
  bold,
  cutLine,
  cutMiddle,
  dim,
  EMPTY,
  good,
  type Line,
  line,
  padEnd,
  padStart,
  plural,
  select,
  widthOf,
  wrap,
} from '../layout.ts';
import {windowTop} from '../lists.ts';
import {approachColumns, approachRows, controlRoom, shownApproaches, summaryLines} from '../rooms.ts';
import {chosenKeys, fixesFor, kindOf, resultOf, visibleRows} from '../select.ts';
import type {Approach, ControlScreen, Detail, FailingRow, State} from '../state.ts';
import {type FailingColumns as Columns, columnsOf, headOf, nameOf} from './control-columns.ts';

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
  if (detail.rows.length === 0)
    return {position: '', lines: passing(result?.all ?? 0, result?.excluded ?? 0, width)};
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
    ...(rows.length === 0 ? [line(`      Nothing matches ${screen.filter}. / changes the filter.`)] : []),
  ];
  const fixes = fixLines(state, screen, detail, rows[index], width);
  const filler = Math.max(1, Math.min(height - list.length - fixes.length, 1));
  const filter = screen.filter === '' ? '' : `filter "${screen.filter}"   `;
  const marks = screen.marks.size > 0 ? `${screen.marks.size} marked   ` : '';
  return {
    position: `${filter}${marks}${top + 1}-${top + shown.length} of ${rows.length}`,
    lines: [...list, ...Array.from({length: filler}, () => EMPTY), ...fixes],
  };
}

const passing = (all: number, excluded: number, width: number): readonly Line[] =>
  marked(
    good(GLYPHS.passed),
    all === 0
      ? 'Nothing here is of its kind, so nothing can fail.'
      : `${all === 1 ? 'The only object passes' : `All ${all} objects pass`}${excluded > 0 ? `, ${excluded} of them accepted` : ''}. n goes on to the next control that fails.`,
    width,
  ).map((one) => line('  ', ...one));

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
    ...highlighted(padEnd(padEnd(row.ref.namespace, columns.namespace - 2), columns.namespace), word),
    ...highlighted(padEnd(padEnd(nameOf(row, columns.kinds), columns.name - 2), columns.name), word),
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

function fixLines(
  state: State,
  screen: ControlScreen,
  detail: Detail,
  row: FailingRow | undefined,
  width: number,
): readonly Line[] {
  const count = screen.marks.size > 0 ? `${plural(screen.marks.size, 'marked', 'marked')}` : 'this one';
  const {forecast} = screen;
  const keys = chosenKeys(screen, detail);
  const approach = detail.approaches[screen.approach];
  const reached = fixesFor(approach, keys).length;
  const effect = forecast && reached > 0 ? `, ${scoreArrow(state, forecast)}` : '';
  const head =
    detail.approaches.length === 0
      ? 'No fix is known here: the lesson tells what to do.'
      : reached === 0 && approach?.kind !== 'manual'
        ? `Fix ${screen.approach + 1} does not reach ${count}.`
        : approach?.kind === 'manual'
          ? 'By hand:'
          : `Fix for ${count}${effect}:`;
  const field = row?.fields[0];
  const more = (row?.fields.length ?? 0) > 1 ? ` and ${row!.fields.length - 1} more` : '';
  const room = width - widthOf(head) - 8 - more.length;
  const fieldText = field === undefined ? '' : room >= 12 ? `Field ${cutMiddle(field, room)}${more}. ` : '';
  const {name, kind} = approachColumns(detail.approaches);
  const choices = shownApproaches(detail.approaches).flatMap((one, index) => {
    const chosen = index === screen.approach;
    const number = chosen ? bold(`[${index + 1}] `) : ` ${index + 1}  `;
    return summaryLines(one, detail.approaches, width, keys, chosen).map((text, at) =>
      at === 0
        ? line('  ', number, padEnd(one.name, name), '  ', dim(padEnd(kindFor(one, keys), kind)), '  ', text)
        : line('  ', ' '.repeat(4 + name + 2 + kind + 2), text),
    );
  });
  const lines = [line('  ', fieldText, head), ...choices, ...stepLines(approach, width)];
  return lines.slice(0, Math.max(approachRows(state), 1)).map((one) => cutLine(one, width + 2));
}

/** The kind of an approach for what is chosen; where that is out of its reach, for all that it clears. */
function kindFor(approach: Approach, keys: ReadonlySet<string>): FixKind {
  const fixes = fixesFor(approach, keys);
  return fixes.length === 0 ? approach.kind : kindOf(fixes);
}

/** What a person does by hand, in order. */
function stepLines(approach: Approach | undefined, width: number): readonly Line[] {
  if (approach?.kind !== 'manual') return [];
  return approach.steps.flatMap((step, index) =>
    wrap(step, width - 4).map((text, at) =>
      line('  ', at === 0 ? dim(padStart(`${index + 1}`, 2)) : '  ', '  ', text),
    ),
  );
}
