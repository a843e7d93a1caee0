import {type FSWatcher, watch} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {plainText} from '../../engine/text.ts';
import type {Drill} from '../../learn/drill.ts';
import {restoreNodes, workFolder} from '../../learn/drill-files.ts';
import {gradeExam} from '../../learn/exam.ts';
import {isSetUp, setUp, takeAway, takeLeftovers} from '../../learn/place.ts';
import type {Exam, Progress} from '../../learn/progress.ts';
import type {CriterionResult} from '../../learn/verify.ts';
import {TargetError} from '../../target/target.ts';
import type {StudyOptions} from './options.ts';
import {StudySession} from './session.ts';
import {runStudyShell} from './shell.ts';
import type {Command, Event} from './state.ts';

export type Surroundings = {
  readonly options: StudyOptions;
  dispatch(event: Event): void;
  suspend(run: () => Promise<void>): Promise<void>;
  exit(outcome: 'quit' | 'walk'): void;
};

const restTime = 60;
const lookAgainTime = 2_000;
const rolloutTime = 3_000;

/** All effects of the study mode: the only place that touches the cluster, files and processes. */
export function makeCommands({options, dispatch, suspend, exit}: Surroundings) {
  let session: StudySession | undefined;
  const opened = open();
  let judging: {readonly drill: Drill; stop(): void} | undefined;
  // One after the other: a drill that is left is gone before another begins in its place.
  let work: Promise<void> = Promise.resolve();
  let saving: Promise<void> = Promise.resolve();
  let unsaved: Progress | undefined;
  let isUnwritten = false;
  const now = options.now ?? Date.now;
  const drillOf = (id: string): Drill | undefined => options.content.drills.find((one) => one.id === id);

  async function open(): Promise<StudySession | undefined> {
    try {
      const cluster = await options.open();
      session = new StudySession(cluster, options, dispatch);
      const {name, isPractice, nodes, kubeconfig, work: folder} = cluster;
      const exam = options.progress.exam?.tasks.map(({drill}) => drill) ?? [];
      await takeLeftovers(
        options.content.drills.filter(({id}) => !exam.includes(id)),
        session.place,
      );
      dispatch({
        type: 'cluster',
        cluster: {
          is: 'open',
          name,
          isPractice,
          hasNodes: nodes !== undefined,
          kubeconfig,
          work: folder,
          nodes,
        },
      });
      session.follow().catch((error: unknown) => tell('failed', sentence(error)));
      return session;
    } catch (error) {
      dispatch({type: 'cluster', cluster: {is: 'failed', message: sentence(error)}});
      return undefined;
    }
  }

  const tell = (mark: 'failed' | 'look' | 'passed', text: string) =>
    dispatch({type: 'message', message: {mark, text}});

  /** Work on the cluster, in turn; what fails is told. */
  function inTurn(task: (open: StudySession) => Promise<void>, failed: (message: string) => void): void {
    work = work
      .then(async () => {
        const ready = await opened;
        if (ready === undefined) throw new Error('The cluster could not be opened.');
        await task(ready);
      })
      .catch((error: unknown) => failed(sentence(error)));
  }

  function beginDrill(drill: Drill): void {
    stopJudging();
    inTurn(
      async (ready) => {
        await setUp(drill, ready.place);
        dispatch({type: 'drill-ready', drill: drill.id, now: now()});
        judge(drill, ready);
      },
      (message) => dispatch({type: 'drill-failed', drill: drill.id, message}),
    );
  }

  /** Judges a drill whenever something changed, until it is left. */
  function judge(drill: Drill, ready: StudySession): void {
    stopJudging();
    let timer: NodeJS.Timeout | undefined;
    let isRunning = false;
    let again = false;
    let stopped = false;
    const look = async (): Promise<void> => {
      if (isRunning) {
        again = true;
        return;
      }
      isRunning = true;
      const results = await ready.judge(drill);
      isRunning = false;
      if (stopped) return;
      dispatch({type: 'verdicts', drill: drill.id, results, now: now()});
      if (again) {
        again = false;
        soon();
      }
    };
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, restTime);
    };
    const watchers = [workFolder(ready.place, drill), ...(drill.onNodes ? [ready.place.nodes] : [])].flatMap(
      (folder) => watcherOf(folder, soon),
    );
    // Kinds that no control reads are not followed: they are looked at again from time to time.
    const clock = setInterval(look, lookAgainTime);
    ready.onChange = soon;
    ready.watched = new Set(drill.namespaces);
    judging = {
      drill,
      stop() {
        stopped = true;
        clearTimeout(timer);
        clearInterval(clock);
        ready.onChange = () => {};
        ready.watched = new Set();
        for (const watcher of watchers) watcher.close();
      },
    };
    void look();
  }

  function stopJudging(): void {
    judging?.stop();
    judging = undefined;
  }

  async function startExam(asked: Exam, ready: StudySession): Promise<void> {
    await saving;
    const progress = isUnwritten ? undefined : await options.load();
    const isMine = await ready.locks.holdExam();
    const exam = progress === undefined ? asked : progress.exam;
    if (!isMine || exam?.started !== asked.started) {
      const message = isMine
        ? 'This exam was handed in by another kubekata study.'
        : 'An exam is under way in another kubekata study. Hand it in there first.';
      if (isMine) ready.locks.releaseExam();
      dispatch({type: 'exam-failed', message, ...(progress ? {progress} : {})});
      return;
    }
    const drills = exam.tasks.flatMap(({drill}) => drillOf(drill) ?? []);
    const missing: Drill[] = [];
    for (const drill of drills) if (!(await isSetUp(drill, ready.place))) missing.push(drill);
    // Node files are saved by the first drill that works on them: those come one after the other.
    for (const drill of missing.filter(({onNodes}) => onNodes)) await setUp(drill, ready.place);
    await Promise.all(missing.filter(({onNodes}) => !onNodes).map((drill) => setUp(drill, ready.place)));
    dispatch({type: 'exam-ready', exam});
  }

  async function gradeAll(exam: Exam, ready: StudySession): Promise<void> {
    const drills = exam.tasks.flatMap(({drill}) => drillOf(drill) ?? []);
    const results = new Map<string, readonly CriterionResult[]>();
    // What was applied a moment ago may still roll out.
    const end = Date.now() + rolloutTime;
    for (;;) {
      const open = drills.filter(({id}) => !(results.get(id)?.every(({passed}) => passed) ?? false));
      await Promise.all(open.map(async (drill) => results.set(drill.id, await ready.judge(drill))));
      if (Date.now() > end || [...results.values()].flat().every(({passed}) => passed)) break;
      await pause(lookAgainTime / 4);
    }
    dispatch({type: 'graded', result: gradeExam(exam, results, new Date(now()))});
    // First the result is on the disk: a crash in between leaves leftovers, and no exam without its tasks.
    await saving;
    // The node files of all tasks at once: with them an API server that a learner stopped comes back.
    if (drills.some(({onNodes}) => onNodes)) await restoreNodes(ready.place);
    for (const drill of drills) await takeAway(drill, ready.place);
    ready.locks.releaseExam();
  }

  /** Writes the newest progress; what comes meanwhile is written next. */
  function save(progress: Progress): void {
    const isIdle = unsaved === undefined;
    unsaved = progress;
    if (!isIdle) return;
    saving = saving.then(async () => {
      const newest = unsaved;
      unsaved = undefined;
      if (newest === undefined) return;
      isUnwritten = await options.save(newest).then(
        () => false,
        (error: unknown) => {
          tell('failed', sentence(error));
          return true;
        },
      );
    });
  }

  function run(command: Command): void {
    switch (command.do) {
      case 'quit':
      case 'walk':
        exit(command.do);
        break;
      case 'save':
        save(command.progress);
        break;
      case 'start-exam':
        inTurn((ready) => startExam(command.exam, ready), examFailed);
        break;
      case 'hand-in':
        inTurn((ready) => gradeAll(command.exam, ready), examFailed);
        break;
      default: {
        const drill = drillOf(command.drill);
        if (drill) runFor(drill, command.do);
      }
    }
  }

  const examFailed = (message: string) => dispatch({type: 'exam-failed', message});

  function runFor(drill: Drill, what: 'set-up' | 'take-away' | 'solution' | 'shell'): void {
    const failed = (error: unknown) => tell('failed', sentence(error));
    switch (what) {
      case 'set-up':
        beginDrill(drill);
        break;
      case 'take-away':
        stopJudging();
        inTurn(({place}) => takeAway(drill, place), failed);
        break;
      case 'solution':
        readFile(join(drill.folder, 'solution.sh'), 'utf8')
          .then((text) => dispatch({type: 'solution', drill: drill.id, text}))
          .catch(failed);
        break;
      case 'shell':
        if (session) suspend(() => shellFor(drill, session!)).catch(failed);
    }
  }

  const shellFor = (drill: Drill, {place, cluster}: StudySession): Promise<void> =>
    runStudyShell({
      folder: workFolder(place, drill),
      nodes: place.nodes,
      environment: {...options.env, ...cluster.target.environment},
      where: cluster.isPractice ? 'the practice cluster' : `${cluster.name}, a LIVE cluster`,
    });

  return {
    run,
    /** What is still to be done is done, then the cluster is let go. */
    async close(): Promise<void> {
      stopJudging();
      await work;
      await saving;
      await opened;
      await session?.close();
    },
  };
}

function watcherOf(folder: string | undefined, onChange: () => void): readonly FSWatcher[] {
  if (folder === undefined) return [];
  try {
    const watcher = watch(folder, {recursive: true}, onChange);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

function sentence(error: unknown): string {
  if (error instanceof TargetError) return [error.message, ...error.details].map(plainText).join(' ');
  return plainText(error instanceof Error ? error.message : String(error));
}
