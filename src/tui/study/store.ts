import type {Command, Event, State, Update} from './state.ts';

export type Store = {
  getState(): State;
  subscribe(listener: () => void): () => void;
  dispatch(event: Event): void;
};

/** Holds the state of the study mode; a burst of events in one turn of the loop is told once. */
export function makeStore(
  initial: State,
  update: (state: State, event: Event) => Update,
  run: (command: Command) => void,
): Store {
  let state = initial;
  let told = initial;
  let isScheduled = false;
  const listeners = new Set<() => void>();
  const tell = () => {
    isScheduled = false;
    if (told === state) return;
    told = state;
    for (const listener of listeners) listener();
  };
  return {
    getState: () => told,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch(event) {
      const [next, ...commands] = update(state, event);
      state = next;
      if (!isScheduled) {
        isScheduled = true;
        queueMicrotask(tell);
      }
      for (const command of commands) run(command);
    },
  };
}
