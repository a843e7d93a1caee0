import {footer} from './components/footer.ts';
import {scoreLine} from './components/score-line.ts';
import {statusLines} from './components/status.ts';
import {titleBar} from './components/title-bar.ts';
import {cutLine, EMPTY, type Line, line} from './layout.ts';
import {bodyOf} from './screens/body.ts';
import {isTooSmall, MIN_COLUMNS, MIN_ROWS} from './sizes.ts';
import type {State} from './state.ts';

/** Everything on the screen: exactly as many lines as there are rows, none wider than the screen. */
export function frame(state: State): readonly Line[] {
  const {columns, rows} = state;
  if (isTooSmall(state)) return tooSmall(state);
  const plain = state.screen.name === 'start';
  const head = plain ? [titleBar(state), EMPTY] : [titleBar(state), scoreLine(state), EMPTY];
  const status = statusLines(state);
  const room = rows - head.length - status.length - 1;
  const body = bodyOf(state, room).slice(0, room);
  const filler = Array.from({length: room - body.length}, () => EMPTY);
  return [...head, ...body, ...filler, ...status, footer(state)].map((one) => cutLine(one, columns));
}

function tooSmall({columns, rows}: State): readonly Line[] {
  const sentences = [
    `kubekata needs ${MIN_COLUMNS} columns and ${MIN_ROWS} rows, this window has ${columns} by ${rows}.`,
    'Make it larger, or use: kubekata scan',
  ];
  const width = Math.max(10, columns - 2);
  const lines = sentences.flatMap((text) => {
    const words = text.split(' ');
    const wrapped = [''];
    for (const word of words) {
      const last = wrapped.at(-1)!;
      if (last !== '' && last.length + 1 + word.length > width) wrapped.push(word);
      else wrapped[wrapped.length - 1] = last === '' ? word : `${last} ${word}`;
    }
    return wrapped;
  });
  return Array.from({length: rows}, (_, row) => (lines[row] === undefined ? EMPTY : line(` ${lines[row]}`)));
}
