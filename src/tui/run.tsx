import {render} from 'ink';
import {App, type Look} from './app.tsx';
import {makeCommands} from './commands.ts';
import type {Command, Event} from './events.ts';
import {initialState} from './initial.ts';
import type {TuiOptions} from './options.ts';
import type {State} from './state.ts';
import {makeStore, type Store} from './store.ts';
import {makePaint} from './theme.ts';
import {update} from './update.ts';

/** Streams to draw on and read keys from; the process's own unless a test gives others. */
export type Streams = {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
};

type Running = Store<State, Event>;
const turnTime = 120;

/**
 * Runs the terminal interface until it is left. Resolves with the exit code; the terminal is as before then. Rejects
 * with what went wrong inside, once the terminal is restored.
 */
export async function runTui(
  options: TuiOptions,
  streams: Streams = {stdout: process.stdout, stdin: process.stdin, stderr: process.stderr},
): Promise<number> {
  let look: Look = {
    paint: makePaint(options.theme),
    icons: options.icons,
    screenReader: options.screenReader,
  };
  let failure: {readonly error: unknown} | undefined;
  let suspend: (run: () => Promise<void>) => Promise<void> = (run) => run();
  const run = (command: Command): void => commands.run(command);
  const {columns = 80, rows = 24} = streams.stdout;
  const store = makeStore(initialState(options, columns, rows), update, run, (error) => {
    failure ??= {error};
    instance.unmount();
  });
  const commands = makeCommands({
    options,
    dispatch: store.dispatch,
    setPaint: (paint) => {
      look = {...look, paint};
    },
    suspend: (work) =>
      suspend(async () => {
        await stopReading(streams.stdin);
        await work();
      }),
    exit: () => instance.unmount(),
  });
  const instance = render(
    <App
      store={store}
      getLook={() => look}
      onSuspend={(given) => {
        suspend = given;
      }}
    />,
    {
      ...streams,
      alternateScreen: !options.screenReader,
      // Ink waits this long after each frame, also after one that changed nothing: a key then waits too.
      maxFps: 250,
      incrementalRendering: true,
      // The screens run in a terminal only; CI=true in its environment does not make it less of one.
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      isScreenReaderEnabled: options.screenReader,
      onRender: () => {
        if (isUndrawn(store)) setImmediate(() => store.dispatch({type: 'drawn'}));
      },
    },
  );
  const timer = setInterval(() => {
    if (isWorking(store)) store.dispatch({type: 'tick', now: Date.now()});
  }, turnTime);
  if (options.initial) run({do: 'connect', choice: options.initial});
  try {
    await instance.waitUntilExit();
  } finally {
    clearInterval(timer);
    instance.unmount();
    await commands.close();
  }
  if (failure) throw failure.error;
  return 0;
}

/**
 * Stops reading keys for good: a stream that lost its listener still has a read under way, which would take every other
 * key from the program that has the terminal now.
 */
export async function stopReading(stdin: NodeJS.ReadStream): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  stdin.resume();
  stdin.pause();
}

/** Whether a preview waits for its first complete frame. */
function isUndrawn(store: Running): boolean {
  const {screen} = store.getState();
  return (
    (screen.name === 'preview' && screen.phase.is === 'ready' && !screen.phase.drawn) ||
    (screen.name === 'changes' && screen.undo.is === 'ready' && !screen.undo.drawn)
  );
}

/** Whether something turns on the screen. */
function isWorking(store: Running): boolean {
  const {screen, connection} = store.getState();
  return (
    connection?.status === 'loading' ||
    screen.name === 'connecting' ||
    screen.name === 'applying' ||
    (screen.name === 'preview' && screen.phase.is === 'asking') ||
    (screen.name === 'changes' && screen.undo.is === 'asking')
  );
}
