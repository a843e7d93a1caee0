import {type Hint, hintsOf} from '../keys.ts';
import {accent, dim, type Line, line, widthOf} from '../layout.ts';
import type {State} from '../state.ts';
import {hasSafer} from '../values.ts';

const most = 8;

/** The last row: keys that do something now. Middle ones leave first where it is narrow, `? help` never. */
export function footer(state: State): Line {
  const hints = hintsNow(state);
  const width = state.columns - 4;
  const shown = [...hints];
  const isTooLong = (): boolean => lengthOf(shown, 2) > width || (state.columns < 110 && shown.length > most);
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

/** Keys that do something now, also those of a question on top of the screen. */
export const hintsNow = (state: State): readonly Hint[] => overlayHints(state) ?? hintsOf(state);

const lengthOf = (hints: readonly Hint[], gap: number): number =>
  hints.reduce((sum, {key, label}) => sum + widthOf(key) + 1 + widthOf(label), (hints.length - 1) * gap);

const hint = (key: string, label: string, rank = 1): Hint => ({key, label, rank});

function overlayHints({overlay, screen}: State): readonly Hint[] | undefined {
  switch (overlay?.name) {
    case 'filter':
      return [
        hint('enter', 'keep', 0),
        hint('esc', 'clear', 0),
        hint('/', '!word without', 3),
        hint('/', 'ns:argo', 4),
        hint('/', 'failed', 5),
        hint('/', '/regex/', 6),
      ];
    case 'command':
      return [
        hint('tab', 'complete'),
        hint('jk', 'choose', 3),
        hint('enter', 'run'),
        hint('esc', 'close', 0),
      ].map((one) => (one.key === 'jk' ? {...one, key: '⇡⇣'} : one));
    case 'help':
      return [hint('esc', 'close', 0), hint('jk', 'scroll')];
    case 'accept':
      return [hint('enter', 'accept'), hint('tab', 'field'), hint('esc', 'cancel', 0)];
    case 'attest':
      return [hint('enter', 'attest'), hint('tab', 'field'), hint('esc', 'cancel', 0)];
    case 'folder':
      return [hint('enter', 'open'), hint('esc', 'close', 0)];
    case 'quit':
      return [
        hint('enter', 'wait, then quit'),
        ...(screen.name === 'applying' && !screen.undo ? [hint('u', 'undo, then quit', 2)] : []),
        hint('esc', 'stay', 0),
      ];
    case 'confirm':
      return overlay.wants === 'yes'
        ? [
            hint('y', overlay.of === 'undo' ? 'undo' : 'apply'),
            ...(overlay.patch ? [hint('p', 'patch to a file')] : []),
            hint('esc', 'leave everything as it is', 0),
          ]
        : [
            hint('enter', 'applies once it matches'),
            ...(overlay.patch ? [hint('p', 'patch to a file')] : []),
            hint('esc', 'back to the preview', 0),
          ];
    default:
      if (screen.name === 'preview' && screen.phase.is === 'questions') {
        const safer = hasSafer(screen.phase.fields) ? [hint('v', 'safe values', 2)] : [];
        return [hint('enter', 'next'), hint('⇡⇣', 'field'), ...safer, hint('esc', 'back', 0)];
      }
      return undefined;
  }
}
