import {accent, bold, cutLine, EMPTY, type Line, line, padEnd} from '../../layout.ts';
import {isNarrow} from '../../sizes.ts';
import {COMMANDS, EVERYWHERE, SCREEN_KEYS} from '../keys.ts';
import type {State} from '../state.ts';

const column = 42;

/** This screen's keys, and what means the same everywhere. */
export function helpBody(state: State): readonly Line[] {
  const entry = (key: string, help: string): Line =>
    line(accent(padEnd(key, Math.max(14, key.length + 1))), help);
  const here = SCREEN_KEYS[state.screen.name].filter(({shown, help}) => shown !== '' && help !== '');
  const left = [line(bold('Here')), ...here.map(({shown, help}) => entry(shown, help))];
  const right = [
    line(bold('Everywhere')),
    ...EVERYWHERE.filter(({shown, help}) => shown !== '' && help !== '').map(({shown, help}) =>
      entry(shown, help),
    ),
    EMPTY,
    line(bold('Commands')),
    ...COMMANDS.map(({name, help}) => line(accent(padEnd(name, 18)), help)),
  ];
  const lines = isNarrow(state)
    ? [...left, EMPTY, ...right]
    : Array.from({length: Math.max(left.length, right.length)}, (_, row) => {
        const one = left[row] ?? EMPTY;
        const used = one.reduce((sum, {text}) => sum + text.length, 0);
        return line(...one, ' '.repeat(Math.max(1, column - used)), ...(right[row] ?? EMPTY));
      });
  return lines.map((one) => cutLine(line('  ', ...one), state.columns - 2));
}
