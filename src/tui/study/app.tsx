import {Text, useApp, useInput, useWindowSize} from 'ink';
import {type ReactNode, useEffect, useSyncExternalStore} from 'react';
import {type Look, Rows} from '../app.tsx';
import {keysOf} from '../input.ts';
import type {Store} from '../store.ts';
import {frame} from './frame.ts';
import {spoken} from './spoken.ts';
import type {Event, State} from './state.ts';

export type StudyAppProps = {
  readonly store: Store<State, Event>;
  readonly look: Look;
  /** Called once with the function that hands the terminal to another program. */
  onSuspend(suspend: (run: () => Promise<void>) => Promise<void>): void;
};

/** Draws the state of the study mode, and passes keys and sizes on to it. */
export function StudyApp({store, look, onSuspend}: StudyAppProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const {suspendTerminal} = useApp();
  const {columns, rows} = useWindowSize();
  useInput((input, key) => {
    for (const one of keysOf(input, key)) store.dispatch({type: 'key', key: one});
  });
  useEffect(() => onSuspend(suspendTerminal), [onSuspend, suspendTerminal]);
  useEffect(() => store.dispatch({type: 'resized', columns, rows}), [store, columns, rows]);
  if (look.screenReader) return <Text>{spoken(state).join('\n')}</Text>;
  return <Rows lines={frame(state)} look={look} />;
}
