import {plainText} from '../engine/text.ts';
import {applyPlan, finishEntry} from '../fix/apply.ts';
import {chooseAll} from '../fix/choose-all.ts';
import {rolloutStatus} from '../fix/guard.ts';
import {policyFix} from '../fix/keep-policy.ts';
import type {JournalEntry} from '../fix/plan.ts';
import {preparePlan} from '../fix/prepare.ts';
import {reachedLater} from '../fix/restart.ts';
import {applyUndo, type Undo, undoPlan} from '../fix/undo.ts';
import {TargetError} from '../target/target.ts';
import {type Open, type Surroundings, sentences} from './commands.ts';
import type {Command, Event} from './events.ts';
import {answersOf} from './update/preview.ts';
import {writePatch} from './write-files.ts';
import {yamlLines} from './yaml-lines.ts';

const guardSeconds = 300;
const steadyTime = 2000;
const pause = 250;

/** Effects that prepare, write, follow and undo changes of the open target. `written` is called after each write. */
export function changeCommands(
  {options, dispatch}: Surroundings,
  current: () => Open | undefined,
  written: () => void,
  leave: () => void,
) {
  let asking = new AbortController();
  let watching = new AbortController();
  let undo: Undo | undefined;
  let writing = new AbortController();
  let undoAfter = false;

  const renew = (): AbortSignal => {
    asking.abort();
    asking = new AbortController();
    return asking.signal;
  };

  async function prepare(command: Extract<Command, {do: 'prepare'}>): Promise<void> {
    const open = current();
    if (open === undefined) return;
    const {token, controlId, change, answers} = command;
    const signal = renew();
    const {session} = open;
    try {
      const {target, inventory} = session;
      const {access} = session;
      const plan = await preparePlan({target, inventory, change, answers, access, signal});
      const forecast = await session.forecastChange(controlId, plan.change, answers, signal);
      const restartable = target.kind === 'files' ? [] : reachedLater(inventory, plan.change);
      if (!signal.aborted) dispatch({type: 'prepared', token, plan, forecast, restartable});
    } catch (error) {
      if (!signal.aborted) dispatch({type: 'prepare-failed', token, ...sentences(error)});
    }
  }

  async function choose({title, whole}: Extract<Command, {do: 'choose'}>): Promise<void> {
    const open = current();
    if (open === undefined) return;
    const signal = renew();
    const {target, inventory, accept} = open.session;
    const {framework} = open.session.result();
    const kinds = new Set(['automatic', 'review'] as const);
    try {
      const {chosen, refused} = await chooseAll({
        target,
        inventory,
        framework,
        accept,
        whole,
        kinds,
        signal,
      });
      if (!signal.aborted) dispatch({type: 'chosen', title, chosen, refused: refused.size});
    } catch (error) {
      if (!signal.aborted) dispatch({type: 'prepare-failed', token: 0, ...sentences(error)});
    }
  }

  /** Tells what the values of a form may break, once the person pauses. */
  async function foresee({fields, change}: Extract<Command, {do: 'foresee'}>): Promise<void> {
    const signal = renew();
    await new Promise((resolve) => setTimeout(resolve, pause));
    const open = current();
    if (open === undefined || signal.aborted) return;
    const {target, inventory} = open.session;
    try {
      const {breaks} = await preparePlan({target, inventory, change, answers: answersOf(fields), signal});
      if (!signal.aborted) dispatch({type: 'foreseen', fields, breaks});
    } catch {
      // The preview tells it, with its reason, when the values are taken.
    }
  }

  async function prepareUndo({entry}: Extract<Command, {do: 'prepare-undo'}>): Promise<void> {
    const open = current();
    if (open === undefined) return;
    const signal = renew();
    const {session, journal} = open;
    try {
      const {target, inventory} = session;
      undo = await undoPlan({target, inventory, entry, journal, signal});
      const {plan} = undo;
      const forecast = await session.forecastChange('', plan.change, plan.answers, signal);
      if (!signal.aborted) dispatch({type: 'undo-prepared', number: entry.number, plan, forecast});
    } catch (error) {
      const {title, details} = sentences(error);
      const text = [title, ...details].join(' ');
      if (!signal.aborted) dispatch({type: 'undo-failed', number: entry.number, text});
    }
  }

  /** Writes; the scores are told when the target shows what was written. */
  async function write(work: (open: Open) => Promise<JournalEntry>): Promise<void> {
    const open = current();
    if (open === undefined) return;
    writing = new AbortController();
    try {
      const entry = await work(open);
      if (undoAfter) return void (await takeBack(open, entry));
      dispatch({type: 'settled', entry});
    } catch (error) {
      const {title, details} = sentences(error);
      const conflict = error instanceof TargetError && error.problem === 'conflict';
      dispatch({type: 'apply-failed', lines: [title, ...details], conflict});
      tellEntries();
    }
    written();
  }

  /** What was written before the person decided to leave goes back, then kubekata ends. */
  async function takeBack({session, journal}: Open, entry: JournalEntry): Promise<void> {
    const {target, inventory} = session;
    await applyUndo({target, journal, undo: await undoPlan({target, inventory, entry, journal})});
    leave();
  }

  const onEvent = (event: Extract<Event, {type: 'apply'}>['event']): void => dispatch({type: 'apply', event});

  /** Tells how the rollout of workloads goes, until cancelled or for some minutes. */
  function guard({workloads}: Extract<Command, {do: 'guard'}>): void {
    const open = current();
    if (open === undefined) return;
    watching.abort();
    watching = new AbortController();
    const {signal} = watching;
    const started = Date.now();
    const {session} = open;
    let readySince: number | undefined;
    const look = () => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      const statuses = workloads.map((ref) => rolloutStatus(session.inventory, ref));
      if (signal.aborted || seconds > guardSeconds) return end();
      const isReady = statuses.every(({state}) => state === 'ready');
      readySince = isReady ? (readySince ?? Date.now()) : undefined;
      const steady = readySince !== undefined && Date.now() - readySince >= steadyTime;
      dispatch({type: 'guard', statuses, seconds, steady});
    };
    const timer = setInterval(look, 500);
    const stop = session.onChange(look);
    const end = () => {
      clearInterval(timer);
      stop();
      if (!signal.aborted) dispatch({type: 'guard-ended'});
    };
    signal.addEventListener('abort', end, {once: true});
    look();
  }

  function tellEntries(): void {
    const open = current();
    if (open) dispatch({type: 'entries', entries: open.journal.entries()});
  }

  function keep(id: string): void {
    const open = current();
    if (open === undefined || open.session.target.kind === 'files') return;
    const {session} = open;
    const result = session.result().controls.find(({entry}) => entry.id === id);
    if (result) dispatch({type: 'keep', id, fix: policyFix(result.entry, session.inventory)});
  }

  async function yaml({ref, fields}: Extract<Command, {do: 'yaml'}>): Promise<void> {
    const open = current();
    if (open === undefined) return;
    try {
      const object = await open.session.target.read(ref);
      const title = `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
      if (object === undefined) {
        const text = `${title} was deleted meanwhile. There is nothing left to show.`;
        return dispatch({type: 'message', message: {mark: 'look', text}});
      }
      dispatch({type: 'text', crumb: 'YAML', title: plainText(title), lines: yamlLines(object, fields)});
    } catch (error) {
      dispatch({type: 'message', message: {mark: 'failed', text: sentences(error).title}});
    }
  }

  async function patch({plan, title}: Extract<Command, {do: 'write-patch'}>): Promise<void> {
    try {
      const text = await writePatch(plan, title, options);
      dispatch({type: 'message', message: {mark: 'passed', text}});
    } catch (error) {
      dispatch({type: 'message', message: {mark: 'failed', text: sentences(error).title}});
    }
  }

  const cancel = (): void => asking.abort();
  const unwatch = (): void => watching.abort();

  function run(command: Command) {
    switch (command.do) {
      case 'prepare':
        return void prepare(command);
      case 'choose':
        return void choose(command);
      case 'foresee':
        return void foresee(command);
      case 'prepare-undo':
        return void prepareUndo(command);
      case 'cancel':
        return cancel();
      case 'unwatch':
        return unwatch();
      case 'apply': {
        const {plan, title} = command;
        return void write(async ({session, journal}) => {
          const {score} = session.result();
          const {target} = session;
          const entry = await applyPlan({
            target,
            plan,
            journal,
            title,
            ...(score === undefined ? {} : {scoreBefore: score}),
            signal: writing.signal,
            onEvent,
          });
          if (writing.signal.aborted) return entry;
          await session.settle(entry);
          return journal.close(entry, session.result().score);
        });
      }
      case 'undo': {
        const chosen = undo;
        if (chosen?.entry.number !== command.entry.number) return;
        return void write(async ({session, journal}) => {
          const entry = await applyUndo({target: session.target, undo: chosen, journal});
          for (const [at, {ref}] of chosen.plan.items.entries()) {
            const step = entry.steps[chosen.takesBack[at] ?? -1];
            const refused = step?.state !== 'undone' && step?.reason !== undefined;
            onEvent(
              refused
                ? {type: 'refused', index: at, ref, reason: step.reason ?? ''}
                : {type: 'written', index: at, ref},
            );
          }
          await session.settleChange(chosen.plan);
          return entry;
        });
      }
      case 'finish': {
        const {entry} = command;
        return void write(async ({session, journal}) => {
          const finished = await finishEntry({target: session.target, journal, entry, onEvent});
          await session.settle(finished);
          return journal.close(finished, session.result().score);
        });
      }
      case 'undo-and-quit':
        undoAfter = true;
        return writing.abort();
      case 'guard':
        return guard(command);
      case 'entries':
        return tellEntries();
      case 'keep':
        return keep(command.id);
      case 'yaml':
        return void yaml(command);
      case 'write-patch':
        return void patch(command);
    }
  }

  return {
    run,
    tellEntries,
    stop() {
      cancel();
      unwatch();
    },
  };
}
