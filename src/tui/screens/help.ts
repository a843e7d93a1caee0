import {COMMANDS} from '../command-line.ts';
import {GLYPHS} from '../glyphs.ts';
import {EVERYWHERE, SCREEN_KEYS} from '../keys.ts';
import {accent, bad, bold, cutLine, dim, EMPTY, good, type Line, line, padEnd, warn} from '../layout.ts';
import {contentWidth, isNarrow} from '../sizes.ts';
import type {Overlay, State} from '../state.ts';

type Entry = {readonly key: string; readonly help: string};

/** This screen's keys first, then what means the same everywhere, the marks and the line. */
export function helpBody(
  state: State,
  overlay: Extract<Overlay, {name: 'help'}>,
  height: number,
): readonly Line[] {
  const here: readonly Entry[] = SCREEN_KEYS[state.screen.name]
    .filter(({shown, help}) => shown !== '' && help !== '')
    .map(({shown, help}) => ({key: shown, help}));
  const general: readonly Entry[] = EVERYWHERE.filter(({shown, help}) => shown !== '' && help !== '').map(
    ({shown, help}) => ({key: shown, help}),
  );
  const commands = COMMANDS.map(({name, help}): Entry => ({key: `:${name}`, help}));
  const left = [
    line(bold('Here')),
    ...here.map(entryLine),
    EMPTY,
    line(bold('Commands')),
    ...commands.map(entryLine),
  ];
  const right = [
    line(bold('Everywhere')),
    ...general.map(entryLine),
    EMPTY,
    line(bold('Marks')),
    ...markLines,
  ];
  const legend = [
    line(
      'The line under the title: ',
      accent(GLYPHS.heavy),
      ' passed   ',
      dim(GLYPHS.light),
      ' failing   ',
      dim(GLYPHS.dots),
      ' not evaluated',
    ),
  ];
  const width = contentWidth(state);
  const lines = isNarrow(state) ? [...left, EMPTY, ...right] : beside(left, right);
  const all = [...lines, EMPTY, ...legend].map((one) => cutLine(line('  ', ...one), width + 2));
  const top = Math.max(0, Math.min(overlay.top, all.length - height));
  return all.slice(top, top + height);
}

const entryLine = ({key, help}: Entry): Line => line(accent(padEnd(key, Math.max(14, key.length + 1))), help);

const markLines: readonly Line[] = [
  line(good(GLYPHS.passed), padEnd(' passed', 15), bad(GLYPHS.failed), ' failed'),
  line(warn(GLYPHS.look), padEnd(' look closer', 15), warn(GLYPHS.unknown), ' not evaluated'),
  line(GLYPHS.same, padEnd(' accepted', 15), GLYPHS.none, ' not applicable'),
];

const column = 38;

function beside(left: readonly Line[], right: readonly Line[]): readonly Line[] {
  return Array.from({length: Math.max(left.length, right.length)}, (_, row) => {
    const one = left[row] ?? EMPTY;
    const used = one.reduce((sum, {text}) => sum + text.length, 0);
    return line(...one, ' '.repeat(Math.max(1, column - used)), ...(right[row] ?? EMPTY));
  });
}
