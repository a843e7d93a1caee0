import {render} from 'ink';
import {type Streams, stopReading} from '../run.tsx';
import {makeStore} from '../store.ts';
import {makePaint} from '../theme.ts';
import {StudyApp} from './app.tsx';
import {makeCommands} from './commands.ts';
import {initialState} from './initial.ts';
import type {StudyOptions} from './options.ts';
import type {Command, State} from './state.ts';
import {update} from './update.ts';

/** How the study mode was left: for good, or for the walk on the practice cluster. */
export type Outcome = 'quit' | 'walk';

const spinnerTime = 120;
const secondTime = 1_000;

/**
 * Runs the study mode until it is left; the terminal is as before then, and the progress is written. Rejects with what
 * went wrong inside.
 */
export async function runStudy(
  options: StudyOptions,
  streams: Streams = {stdout: process.stdout, stdin: process.stdin, stderr: process.stderr},
): Promise<Outcome> {
  let outcome: Outcome = 'quit';
  let failure: {readonly error: unknown} | undefined;
  let suspend: (run: () => Promise<void>) => Promise<void> = (work) => work();
  const run = (command: Command): void => commands.run(command);
  const {columns = 80, rows = 24} = streams.stdout;
  const store = makeStore(initialState(options, columns, rows), update, run, (error) => {
    failure ??= {error};
    instance.unmount();
  });
  const commands = makeCommands({
    options,
    dispatch: store.dispatch,
    suspend: (work) =>
      suspend(async () => {
        await stopReading(streams.stdin);
        await work();
      }),
    exit: (how) => {
      outcome = how;
      instance.unmount();
    },
  });
  const look = {paint: makePaint(options.theme), icons: options.icons, screenReader: options.screenReader};
  const instance = render(
    <StudyApp
      store={store}
      look={look}
      onSuspend={(given) => {
        suspend = given;
      }}
    />,
    {
      ...streams,
      alternateScreen: !options.screenReader,
      maxFps: 120,
      incrementalRendering: true,
      // The screens run in a terminal only; CI=true in its environment does not make it less of one.
      interactive: true,
      exitOnCtrlC: false,
      patchConsole: false,
      isScreenReaderEnabled: options.screenReader,
    },
  );
  let last = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last < (isTurning(store.getState()) ? spinnerTime : secondTime) - 10) return;
    last = now;
    store.dispatch({type: 'tick', now});
  }, spinnerTime);
  try {
    await instance.waitUntilExit();
  } finally {
    clearInterval(timer);
    instance.unmount();
    await commands.close();
  }
  if (failure) throw failure.error;
  return outcome;
}

/** Whether something turns on the screen. */
const isTurning = ({screen}: State): boolean =>
  (screen.name === 'drill' && screen.phase === 'waiting') ||
  (screen.name === 'drill' && screen.phase === 'working' && screen.results === undefined) ||
  (screen.name === 'exam' && screen.phase === 'waiting');
