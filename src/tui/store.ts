export type Store<State, Event> = {
  getState(): State;
  subscribe(listener: () => void): () => void;
  dispatch(event: Event): void;
};

/**
 * Holds the state. A burst of events that arrive in one turn of the loop becomes one notification, so one frame;
 * `run` gets the commands of each event in order, after the state changed; `fail` what either of them throws.
 */
export function makeStore<State, Event, Command>(
  initial: State,
  update: (state: State, event: Event) => readonly [State, ...Command[]],
  run: (command: Command) => void,
  fail: (error: unknown) => void,
): Store<State, Event> {
  let state = initial;
  let told = initial;
  let scheduled = false;
  const listeners = new Set<() => void>();
  const tell = () => {
    scheduled = false;
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
      try {
        const [next, ...commands] = update(state, event);
        state = next;
        if (!scheduled) {
          scheduled = true;
          queueMicrotask(tell);
        }
        for (const command of commands) run(command);
      } catch (error) {
        fail(error);
      }
    },
  };
}
