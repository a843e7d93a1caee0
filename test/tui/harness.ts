import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import type {JsonObject} from '../../src/engine/json.ts';
import {Journal} from '../../src/fix/journal.ts';
import type {TargetKind} from '../../src/target/target.ts';
import {makeCommands} from '../../src/tui/commands.ts';
import type {Command} from '../../src/tui/events.ts';
import {frame} from '../../src/tui/frame.ts';
import {initialState} from '../../src/tui/initial.ts';
import {lineText} from '../../src/tui/layout.ts';
import type {TuiOptions} from '../../src/tui/options.ts';
import type {State} from '../../src/tui/state.ts';
import {makeStore} from '../../src/tui/store.ts';
import {update} from '../../src/tui/update.ts';
import {type MemoryTarget, memoryTarget} from '../helpers/memory-target.ts';
import {objects as fixture, frameworks, lesson, lessonIds} from './fixtures.ts';

export type Setup = {
  readonly columns?: number;
  readonly rows?: number;
  readonly kind?: TargetKind;
  readonly objects?: readonly JsonObject[];
  readonly options?: Partial<TuiOptions>;
};

export function makeOptions({kind = 'practice', objects = fixture, options = {}}: Setup): {
  readonly options: TuiOptions;
  readonly target: MemoryTarget;
  readonly folder: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'kubekata-tui-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  const name = kind === 'live' ? 'homelab' : 'home';
  const target = memoryTarget(objects, {kind, name});
  const choice = {kind, name, detail: 'in memory'} as const;
  return {
    target,
    folder,
    options: {
      version: '0.1.0',
      choices: [choice],
      notes: [],
      initial: choice,
      connect: async () => target,
      folder: (path) => ({kind: 'files', name: path, detail: path}),
      frameworks,
      framework: 'two',
      lessonIds,
      lesson,
      journalFor: async () => new Journal(folder, 'memory'),
      readOnly: false,
      theme: {theme: 'auto', colourBlind: false, depth: 'truecolor'},
      icons: true,
      screenReader: false,
      env: {},
      folderForFiles: folder,
      ...options,
    },
  };
}

/** The terminal interface without a terminal: real state, real commands, a target in memory. */
export async function harness(setup: Setup = {}) {
  const {options, target, folder} = makeOptions(setup);
  const commanded: Command[] = [];
  let exited = false;
  const store = makeStore(
    initialState(options, setup.columns ?? 80, setup.rows ?? 24),
    update,
    (command) => {
      commanded.push(command);
      commands.run(command);
    },
    (error) => {
      throw error;
    },
  );
  const commands = makeCommands({
    options,
    dispatch: store.dispatch,
    setPaint: () => {},
    suspend: (run) => run(),
    exit: () => {
      exited = true;
    },
  });
  onTestFinished(() => commands.close());

  /** Resolves when the state fulfils a condition; the test's own time limit tells when it never does. */
  const until = (isTrue: (state: State) => boolean): Promise<State> =>
    new Promise((resolve) => {
      const look = () => {
        if (!isTrue(store.getState())) return;
        stop();
        resolve(store.getState());
      };
      const stop = store.subscribe(look);
      look();
    });
  const idle = () => new Promise<void>((resolve) => queueMicrotask(resolve));

  if (options.initial) {
    commands.run({do: 'connect', choice: options.initial});
    await until(
      (state) =>
        state.connection?.status === 'watching' && state.details.size > 0 && state.lessons.size === 2,
    );
  }
  return {
    store,
    target,
    folder,
    commanded,
    until,
    hasExited: () => exited,
    state: () => store.getState(),
    async press(...keys: readonly string[]) {
      for (const key of keys) store.dispatch({type: 'key', key});
      await idle();
      return store.getState();
    },
    async resize(columns: number, rows: number) {
      store.dispatch({type: 'resized', columns, rows});
      await idle();
    },
    /** The screen as text: one string per row, blanks at their ends cut. */
    lines: () => frame(store.getState()).map((one) => lineText(one).trimEnd()),
    screen: () =>
      frame(store.getState())
        .map((one) => lineText(one).trimEnd())
        .join('\n'),
    /** Waits until the preview's answers are there, and counts it as drawn. */
    async preview() {
      await until(({screen}) => screen.name === 'preview' && screen.phase.is === 'ready');
      store.dispatch({type: 'drawn'});
      await idle();
    },
  };
}
