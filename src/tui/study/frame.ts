import {cutLine, EMPTY, type Line, line, wrap} from '../layout.ts';
import {isTooSmall, MIN_COLUMNS, MIN_ROWS} from '../sizes.ts';
import {footerLine, statusLines} from './bottom.ts';
import {bodyOf} from './screens/body.ts';
import type {State} from './state.ts';
import {progressLine, titleLine} from './title.ts';

/** Everything on the screen: exactly as many lines as there are rows, none wider than the screen. */
export function frame(state: State): readonly Line[] {
  const {columns, rows} = state;
  if (isTooSmall(state)) return tooSmall(state);
  const head = [titleLine(state), progressLine(state), EMPTY];
  const status = statusLines(state);
  const room = rows - head.length - status.length - 1;
  const body = bodyOf(state, room).slice(0, room);
  const filler = Array.from({length: room - body.length}, () => EMPTY);
  return [...head, ...body, ...filler, ...status, footerLine(state)].map((one) => cutLine(one, columns));
}

function tooSmall({columns, rows}: State): readonly Line[] {
  const text = `kubekata needs ${MIN_COLUMNS} columns and ${MIN_ROWS} rows, this window has ${columns} by ${rows}. Make it larger.`;
  const lines = wrap(text, Math.max(10, columns - 2));
  return Array.from({length: rows}, (_, row) => (lines[row] === undefined ? EMPTY : line(` ${lines[row]}`)));
}
