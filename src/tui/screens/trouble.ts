import {GLYPHS} from '../glyphs.ts';
import {bad, dim, EMPTY, type Line, line, wrap} from '../layout.ts';
import {contentWidth, PROSE} from '../sizes.ts';
import type {ConnectingScreen, State, TroubleScreen} from '../state.ts';

/** A target that could not be read: what happened, the value seen, what to do. */
export function troubleBody(state: State, screen: TroubleScreen): readonly Line[] {
  const width = Math.min(contentWidth(state), PROSE);
  return [
    ...wrap(screen.title, width - 2).map((text, index) =>
      line('  ', index === 0 ? bad(GLYPHS.failed) : ' ', ' ', text),
    ),
    ...screen.details.flatMap((detail) => [
      EMPTY,
      ...detail
        .split('\n')
        .flatMap((part) =>
          part.startsWith('  ')
            ? [line('    ', part.trim())]
            : wrap(part, width).map((text) => line('  ', text)),
        ),
    ]),
    EMPTY,
    line('  ctrl-r tries again. esc chooses another target. Nothing was changed.'),
  ];
}

export const connectingBody = ({choice}: ConnectingScreen): readonly Line[] => [
  line('  ', dim(`Opening ${choice.name}, ${choice.detail}`)),
];
