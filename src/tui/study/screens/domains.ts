import {GLYPHS} from '../../glyphs.ts';
import {bar, bold, cut, dim, EMPTY, type Line, line, padEnd, padStart, select} from '../../layout.ts';
import {type DomainRow, domainRows} from '../select.ts';
import type {DomainsScreen, State} from '../state.ts';
import {windowTop} from '../update/move.ts';

/** The curriculum: domains, their competencies, and what there is to learn for each. */
export function domainsBody(state: State, screen: DomainsScreen, height: number): readonly Line[] {
  const rows = domainRows(state);
  const width = Math.min(120, state.columns - 4);
  const bars = state.columns >= 110;
  const numbers = bars ? 46 : 32;
  const room = height - 3;
  const top = windowTop(screen.top, screen.cursor, rows.length, room);
  const year = state.outline === 'today' ? 'outline of today' : 'outline of 2021';
  return [
    line(
      '  ',
      dim(
        `${padEnd(`CKS, ${year}`, width - numbers)}${padStart('Lessons', 8)}${padStart('Cards', 7)}${padStart('Drills', 9)}${padStart('Known', bars ? 21 : 8)}`,
      ),
    ),
    ...rows.slice(top, top + room).map((row, index) => {
      const chosen = top + index === screen.cursor;
      const shown = rowLine(state, row, chosen, width, numbers, bars);
      return chosen ? select(shown, width + 2) : shown;
    }),
    EMPTY,
    line('  ', dim(cut(titleOf(rows[screen.cursor]), width))),
  ];
}

/** The whole title of a row: the list cuts long ones. */
const titleOf = (row: DomainRow | undefined): string => (row?.is === 'competency' ? row.title : '');

function rowLine(
  state: State,
  row: DomainRow,
  chosen: boolean,
  width: number,
  numbers: number,
  bars: boolean,
): Line {
  if (row.is === 'head') {
    const {domain} = row.domain;
    return line('  ', bold(cut(`${domain.number} ${domain.name}, ${domain.weight[state.outline]}%`, width)));
  }
  const percent = Math.floor(row.known * 100 + 1e-9);
  const isToday = state.outline === 'today';
  return line(
    chosen ? GLYPHS.cursor : ' ',
    '   ',
    {text: padEnd(cut(row.title, width - numbers - 4), width - numbers - 2), ...(chosen ? {bold: true} : {})},
    padStart(String(row.lessons.length), 8),
    padStart(isToday ? String(row.cards) : '', 7),
    padStart(isToday ? `${row.solved}/${row.drills}` : '', 9),
    bars && '   ',
    bars && bar(percent, 10),
    padStart(`${percent}%`, 8),
  );
}
