import {mergeProgress} from '../../../learn/merge-progress.ts';
import {type Progress, withAttempt} from '../../../learn/progress.ts';
import type {Command, DrillScreen, Event, ExamScreen, State, Update} from '../state.ts';
import {at, currentTask, handIn} from './exam.ts';
import {attempted, withMessage} from './go.ts';

const keptHappenings = 30;
const saveEvery = 5_000;

/** What the surroundings tell: sizes, time, the cluster, verdicts. */
export function updateEvent(state: State, event: Exclude<Event, {type: 'key'}>): Update {
  const {screen} = state;
  switch (event.type) {
    case 'resized':
      return [{...state, columns: event.columns, rows: event.rows}];
    case 'tick':
      return tick(state, event.now);
    case 'cluster':
      return event.cluster.is === 'failed'
        ? [withMessage({...state, cluster: event.cluster}, 'failed', event.cluster.message)]
        : [{...state, cluster: event.cluster}];
    case 'read':
      return [{...state, suggestion: event.suggestion, own: event.own}];
    case 'changed':
      return [{...state, changed: event.keys}];
    case 'drill-ready': {
      if (screen.name !== 'drill' || screen.drill !== event.drill) return [state];
      return [{...state, now: event.now, screen: {...screen, phase: 'working', startedAt: event.now}}];
    }
    case 'drill-failed': {
      if (screen.name !== 'drill' || screen.drill !== event.drill) return [state];
      return [{...state, screen: {...screen, phase: 'failed', problem: event.message}}];
    }
    case 'verdicts':
      return screen.name === 'drill' && screen.drill === event.drill && screen.phase === 'working'
        ? judged(state, screen, event)
        : [state];
    case 'happened': {
      if (screen.name !== 'drill' || event.items.length === 0) return [state];
      const happened = [...event.items.toReversed(), ...screen.happened].slice(0, keptHappenings);
      return [{...state, screen: {...screen, happened}}];
    }
    case 'solution': {
      if (screen.name !== 'drill' || screen.drill !== event.drill) return [state];
      return [{...state, screen: {...screen, solution: event.text, scroll: 0, tab: 'task'}}];
    }
    case 'exam-ready':
      if (screen.name !== 'exam' || screen.phase !== 'waiting') return [state];
      return at(
        {...state, progress: {...state.progress, exam: event.exam}, screen: {...screen, phase: 'working'}},
        currentTask(event.exam),
      );
    case 'exam-failed':
      return examFailed(state, event);
    case 'graded':
      return graded(state, event);
    case 'message':
      return [{...state, message: event.message}];
  }
}

/** Time goes on; in an exam it is used up. Written down every five seconds, so that a crash loses no more. */
function tick(state: State, now: number): Update {
  const passed = Math.max(0, Math.min(2_000, now - state.now));
  const next: State = {...state, now, tick: state.tick + 1};
  const {screen, progress} = state;
  const running = screenOfExam(state);
  if (running?.phase !== 'working' || progress.exam === null) return [next];
  const left = Math.max(0, progress.exam.left - passed);
  const exam = {...progress.exam, left};
  const timed: State = {...next, progress: {...progress, exam}};
  if (left === 0) {
    const told = withMessage(
      {...timed, screen: running, below: screen === running ? timed.below : timed.below.slice(0, -1)},
      'look',
      'Time is over: the exam was handed in.',
    );
    return handIn(told);
  }
  const save: readonly Command[] =
    Math.floor(progress.exam.left / saveEvery) === Math.floor(left / saveEvery)
      ? []
      : [{do: 'save', progress: timed.progress}];
  const warning = [15, 5].find(
    (minutes) => progress.exam!.left > minutes * 60_000 && left <= minutes * 60_000,
  );
  return [
    warning === undefined ? timed : withMessage(timed, 'look', `${warning} minutes are left.`),
    ...save,
  ];
}

/** The exam, also while the text of a task lies on top of it: the clock runs on. */
const screenOfExam = ({screen, below}: State): ExamScreen | undefined => {
  if (screen.name === 'exam') return screen;
  const last = below.at(-1);
  return screen.name === 'text' && last?.name === 'exam' ? last : undefined;
};

function judged(
  state: State,
  screen: DrillScreen,
  {results, now}: Extract<Event, {type: 'verdicts'}>,
): Update {
  const isSolved = results.every(({passed}) => passed);
  if (!isSolved || screen.solvedAt !== undefined) return [{...state, screen: {...screen, results}}];
  const solved: DrillScreen = {...screen, results, solvedAt: now};
  const progress = attempted({...state, now}, solved);
  return [
    {...state, now, progress, screen: solved},
    {do: 'save', progress},
  ];
}

function examFailed(before: State, {message, progress}: Extract<Event, {type: 'exam-failed'}>): Update {
  const own = before.progress;
  const state = progress ? {...before, progress: mergeProgress(own, own, progress)} : before;
  const {screen} = state;
  if (screen.name !== 'exam') return [withMessage(state, 'failed', message)];
  return [{...state, screen: {...screen, phase: 'failed', problem: message}}];
}

function graded(state: State, {result}: Extract<Event, {type: 'graded'}>): Update {
  const now = new Date(result.at);
  const before = state.progress.exams.at(-1);
  let progress: Progress = {...state.progress, exam: null, exams: [...state.progress.exams, result]};
  for (const {drill, criteria} of result.tasks) {
    progress = {
      ...progress,
      ...withAttempt(
        progress,
        drill,
        {
          ...{at: result.at, seconds: Math.round(result.used / 1000 / result.tasks.length)},
          ...{hints: 0, shown: false, exam: true},
          met: criteria.filter(({passed}) => passed).length,
          of: Math.max(1, criteria.length),
        },
        now,
      ),
    };
  }
  return [
    {
      ...state,
      progress,
      screen: {name: 'exam-result', result, before, cursor: 0},
      below: [{name: 'home', cursor: 0}],
      overlay: undefined,
    },
    {do: 'save', progress},
  ];
}
