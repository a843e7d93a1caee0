import {Box, Text, useApp, useInput, useWindowSize} from 'ink';
import {memo, type ReactNode, useEffect, useSyncExternalStore} from 'react';
import type {Event} from './events.ts';
import {frame} from './frame.ts';
import {toAscii} from './glyphs.ts';
import {keysOf} from './input.ts';
import type {Line} from './layout.ts';
import {speech} from './speech/speech.ts';
import type {State} from './state.ts';
import type {Store} from './store.ts';
import type {Paint} from './theme.ts';

export type Look = {
  readonly paint: Paint;
  readonly icons: boolean;
  readonly screenReader: boolean;
};

export type AppProps = {
  readonly store: Store<State, Event>;
  getLook(): Look;
  /** Called once with the function that hands the terminal to another program. */
  onSuspend(suspend: (run: () => Promise<void>) => Promise<void>): void;
};

/** Draws the store's state, and passes keys and sizes on to it. */
export function App({store, getLook, onSuspend}: AppProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const {suspendTerminal} = useApp();
  const {columns, rows} = useWindowSize();
  useInput((input, key) => {
    for (const one of keysOf(input, key)) store.dispatch({type: 'key', key: one});
  });
  useEffect(() => onSuspend(suspendTerminal), [onSuspend, suspendTerminal]);
  useEffect(() => store.dispatch({type: 'resized', columns, rows}), [store, columns, rows]);
  const look = getLook();
  if (look.screenReader) return <Text>{speech(state).join('\n')}</Text>;
  return <Rows lines={frame(state)} look={look} />;
}

/** One text per row: what did not change is not drawn again. */
export function Rows({lines, look}: {readonly lines: readonly Line[]; readonly look: Look}): ReactNode {
  return (
    <Box flexDirection="column">
      {lines.map((spans, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its index
        <Row key={row} text={rowText(spans, look)} />
      ))}
    </Box>
  );
}

const Row = memo(function Row({text}: {readonly text: string}) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});

const rowText = (spans: Line, {paint, icons}: Look): string =>
  spans.map((span) => paint(icons ? span.text : toAscii(span.text), span)).join('');
