import {markSpan} from '../components/marks.ts';
import {accent, dim, EMPTY, type Line, line, warn, widthOf, wrap} from '../layout.ts';
import {type Hint, hintsOf} from './keys.ts';
import type {Overlay, State} from './state.ts';

/** The rows above the keys: a message, a question, or what is typed. */
export function statusLines(state: State): readonly Line[] {
  const width = state.columns - 4;
  const {overlay, message} = state;
  if (overlay) {
    const shown = overlayLines(overlay, width);
    if (shown) return shown;
  }
  if (message === undefined) return [EMPTY];
  const mark = message.mark === 'none' ? undefined : markSpan(message.mark);
  return wrap(message.text, width - 2).map((text, index) =>
    line('  ', index === 0 ? (mark ?? ' ') : ' ', ' ', text),
  );
}

function overlayLines(overlay: Overlay, width: number): readonly Line[] | undefined {
  switch (overlay.name) {
    case 'help':
      return undefined;
    case 'filter':
      return [line('  ', accent('/ '), overlay.text, accent('_'))];
    case 'command':
      return [line('  ', accent(':'), overlay.text, accent('_'))];
    case 'confirm':
      return wrap(`${overlay.question} y n`, width).map((text) => line('  ', warn(text)));
    case 'word': {
      const lines = wrap(overlay.question, width - overlay.word.length - 3);
      return lines.map((text, index) =>
        line('  ', warn(text), index === lines.length - 1 && warn(` ${overlay.text}_`)),
      );
    }
  }
}

const most = 8;

/** The last row: keys that do something now. Middle ones leave first where it is narrow, `? help` never. */
export function footerLine(state: State): Line {
  const width = state.columns - 4;
  const shown = [...(overlayHints(state.overlay) ?? hintsOf(state))];
  const isTooLong = () => lengthOf(shown, 2) > width || (state.columns < 110 && shown.length > most);
  while (shown.length > 1 && isTooLong()) {
    const rank = Math.max(...shown.map((hint) => hint.rank));
    if (rank === 0) break;
    shown.splice(
      shown.findLastIndex((hint) => hint.rank === rank),
      1,
    );
  }
  const gap = lengthOf(shown, 3) <= width ? 3 : 2;
  return line(
    '  ',
    ...shown.flatMap(({key, label}, index) => [index > 0 && ' '.repeat(gap), accent(key), dim(` ${label}`)]),
  );
}

const lengthOf = (hints: readonly Hint[], gap: number): number =>
  hints.reduce((sum, {key, label}) => sum + widthOf(key) + 1 + widthOf(label), (hints.length - 1) * gap);

function overlayHints(overlay: Overlay | undefined): readonly Hint[] | undefined {
  const hint = (key: string, label: string): Hint => ({key, label, rank: 0});
  switch (overlay?.name) {
    case undefined:
      return undefined;
    case 'help':
      return [hint('esc', 'close')];
    case 'filter':
      return [hint('enter', 'keep'), hint('esc', 'clear')];
    case 'command':
      return [hint('enter', 'run'), hint('esc', 'close')];
    case 'confirm':
      return [hint('y', 'yes'), hint('n', 'no')];
    case 'word':
      return [hint('enter', 'once it matches'), hint('esc', 'go on with the exam')];
  }
}
