import type {Framework} from '../engine/control.ts';
import {longDate} from '../engine/exceptions.ts';
import {plainText} from '../engine/text.ts';
import type {Journal} from '../fix/journal.ts';
import {type Target, TargetError} from '../target/target.ts';
import {changeCommands} from './change-commands.ts';
import type {Command, Event} from './events.ts';
import {Latest} from './latest.ts';
import type {TargetChoice, TuiOptions} from './options.ts';
import {Session} from './session.ts';
import {runShell} from './shell.ts';
import {makePaint, type Paint} from './theme.ts';
import {verdictMessage} from './verdict.ts';
import {writeReport, writeRole} from './write-files.ts';

/** What the commands need of the running program. */
export type Surroundings = {
  readonly options: TuiOptions;
  dispatch(event: Event): void;
  setPaint(paint: Paint): void;
  /** Hands the terminal to a program, and takes it back. */
  suspend(run: () => Promise<void>): Promise<void>;
  exit(): void;
};

/** An open target, and what changes it. */
export type Open = {readonly session: Session; readonly journal: Journal};

const restTime = 25;

/** All effects of the terminal interface: the only place that touches targets, files and processes. */
export function makeCommands(around: Surroundings): {run(command: Command): void; close(): Promise<void>} {
  const {options, dispatch} = around;
  let open: Open | undefined;
  let frameworkId = options.framework;
  let attempt = 0;
  let quitLater = false;
  const latest = new Latest(restTime, tellFailure);

  const framework = (): Framework =>
    options.frameworks.find(({id}) => id === frameworkId) ?? options.frameworks[0]!;
  const changes = changeCommands(
    around,
    () => open,
    () => {
      if (quitLater) around.exit();
    },
    () => around.exit(),
  );

  async function connect(choice: TargetChoice): Promise<void> {
    attempt += 1;
    const mine = attempt;
    await disconnect();
    let target: Target | undefined;
    try {
      target = await options.connect(choice);
      const journal = await options.journalFor(target);
      if (mine !== attempt) return void (await target.close());
      const accepted = await options.accepted?.();
      const session = new Session(target, framework(), dispatch, accepted);
      open = {session, journal};
      const {kind, name, address} = target;
      dispatch({
        type: 'connected',
        connection: {
          choice,
          kind,
          name: plainText(name),
          address: plainText(address),
          readOnly: options.readOnly,
          status: 'loading',
          progress: 'reading',
          lost: '',
        },
      });
      changes.tellEntries();
      await session.follow();
    } catch (error) {
      if (mine === attempt) dispatch({type: 'connection-failed', choice, ...sentences(error)});
    }
  }

  async function disconnect(): Promise<void> {
    const old = open;
    open = undefined;
    latest.close();
    changes.stop();
    await old?.session.close().catch(() => undefined);
  }

  async function tellLesson(id: string): Promise<void> {
    const lesson = await options.lesson(id);
    if (lesson) dispatch({type: 'lesson', lesson});
  }

  function run(command: Command) {
    const session = open?.session;
    switch (command.do) {
      case 'connect':
        return void connect(command.choice);
      case 'connect-folder':
        return void connect(options.folder(command.path));
      case 'disconnect':
        attempt += 1;
        return void disconnect();
      case 'rescan':
        return safely(async () => {
          await session?.rescan();
          const {verify} = command;
          const message = session && verify ? verdictMessage(session.result(), verify) : undefined;
          if (message) dispatch({type: 'message', message});
        });
      case 'framework':
        frameworkId = command.id;
        return session?.setFramework(framework());
      case 'theme':
        return around.setPaint(makePaint({...options.theme, ...command}));
      case 'detail': {
        const {id, beside} = command;
        return latest.ask(beside ? `detail ${id}` : 'detail', id, async (signal) =>
          session?.detail(id, (detail) => dispatch({type: 'detail', detail}), signal),
        );
      }
      case 'forecast': {
        const {id, fixes} = command;
        return latest.ask('forecast', fixes, async (signal) => {
          const forecast = await session?.forecast(id, fixes, signal);
          dispatch({type: 'forecast', id, forecast});
        });
      }
      case 'gains':
        return latest.ask('gains', session, async (signal) => {
          if (session) dispatch({type: 'gain', gains: await session.gains(signal)});
        });
      case 'lesson':
        return safely(() => tellLesson(command.practice));
      case 'lessons':
        return safely(() => Promise.all(options.lessonIds.map(tellLesson)));
      case 'report':
        return safely(async () => {
          if (session === undefined) return;
          const text = await writeReport(session.result(), session.target.name, command.file, options);
          dispatch({type: 'message', message: {mark: 'passed', text}});
        });
      case 'shell':
        return safely(shell);
      case 'accept':
        return safely(async () => {
          await options.accept?.(command.exceptions);
          session?.setAccept(await options.accepted?.());
          const count = command.exceptions.length;
          const text = `Accepted, with ${count === 1 ? '1 entry' : `${count} entries`} in kubekata.yaml. They count as excluded now.`;
          dispatch({type: 'message', message: {mark: 'same', text}});
        });
      case 'attest':
        return safely(async () => {
          const {attestation} = command;
          await options.attest?.(attestation);
          session?.setAccept(await options.accepted?.());
          const {controls, by, until} = attestation;
          const text = `${controls.join(' ')} is attested by ${plainText(by)} until ${longDate(until)}, in kubekata.yaml. It stays not evaluated.`;
          dispatch({type: 'message', message: {mark: 'same', text}});
        });
      case 'write-role':
        return safely(async () => {
          const text = await writeRole(command.purpose, options);
          dispatch({type: 'message', message: {mark: 'passed', text}});
        });
      case 'study':
        options.study?.();
        return around.exit();
      case 'quit':
        return around.exit();
      case 'quit-later':
        quitLater = true;
        return;
      default:
        return changes.run(command);
    }
  }

  /** Runs something whose failure is a sentence in the status, and no crash. */
  function safely(work: () => Promise<unknown>): void {
    work().catch(tellFailure);
  }

  function tellFailure(error: unknown): void {
    const {title, details} = sentences(error);
    dispatch({type: 'message', message: {mark: 'failed', text: [title, ...details].join(' ')}});
  }

  async function shell(): Promise<void> {
    const session = open?.session;
    if (session === undefined) return;
    await around.suspend(() => runShell(session.target, options.env));
    await session.rescan();
  }

  return {
    run,
    async close() {
      attempt += 1;
      await disconnect();
    },
  };
}

/** An error as a title and sentences, safe to print. */
export function sentences(error: unknown): {readonly title: string; readonly details: readonly string[]} {
  if (error instanceof TargetError) {
    return {title: plainText(error.message), details: error.details.map(plainText)};
  }
  return {title: plainText(error instanceof Error ? error.message : String(error)), details: []};
}
