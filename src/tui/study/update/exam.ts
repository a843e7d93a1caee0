import {documentationIndex} from '../../../learn/documentation.ts';
import {changeTask, drawExam} from '../../../learn/exam.ts';
import type {Exam, ExamTask} from '../../../learn/progress.ts';
import type {Action} from '../keys.ts';
import {currentDrill, drillOf, type ExamScreen, type State, type Update} from '../state.ts';
import {back, openDrill, push, withMessage} from './go.ts';
import {examLengths, lostTasks} from './move.ts';

/** Keys of an exam, of what leads to it and of its result; undefined for what is general. */
export function updateExam(state: State, action: Action, key: string): Update | undefined {
  const {screen} = state;
  switch (screen.name) {
    case 'exam-choice':
      return action === 'enter' ? begin(state, examLengths[screen.cursor]!) : undefined;
    case 'exam':
      return state.progress.exam ? updateTask(state, screen, state.progress.exam, action, key) : undefined;
    case 'exam-result': {
      const lost = lostTasks(screen)[screen.cursor]?.task;
      if (action === 'exam') return [{...state, screen: {name: 'exam-choice', cursor: 0}}];
      if (lost === undefined) return undefined;
      if (action === 'next') return openDrill(state, lost.drill);
      if (action !== 'enter') return undefined;
      const drill = drillOf(state, lost.drill);
      const lines = lost.criteria.flatMap(({id, passed, reason}) => {
        const text = drill?.criteria.find((one) => one.id === id)?.text ?? id;
        const mark = passed ? ('passed' as const) : ('failed' as const);
        return [{text, mark}, ...(reason ? [{text: `Found: ${reason}.`}] : []), {text: ''}];
      });
      return [
        push(state, {name: 'text', title: drill?.title ?? lost.drill, lesson: undefined, lines, top: 0}),
      ];
    }
    default:
      return undefined;
  }
}

function begin(state: State, minutes: number): Update {
  if (state.cluster.is === 'failed') return [withMessage(state, 'failed', state.cluster.message)];
  if (state.cluster.is === 'opening') {
    return [withMessage(state, 'look', 'The cluster is not open yet. Press enter again in a moment.')];
  }
  const {hasNodes} = state.cluster;
  const possible = state.content.drills.filter(({onNodes}) => hasNodes || !onNodes);
  const exam = drawExam(possible, minutes, state.now, new Date(state.now));
  if (exam.tasks.length === 0) return [withMessage(state, 'failed', 'There are no drills to draw from.')];
  const progress = {...state.progress, exam};
  const screen: ExamScreen = {name: 'exam', phase: 'waiting', problem: '', cursor: 0, scroll: 0};
  return [
    {...state, progress, screen},
    {do: 'save', progress},
    {do: 'start-exam', exam},
  ];
}

function updateTask(
  state: State,
  screen: ExamScreen,
  exam: Exam,
  action: Action,
  key: string,
): Update | undefined {
  const task = exam.tasks[screen.cursor];
  const change = (part: Partial<ExamTask>): Update => {
    if (task === undefined) return [state];
    const progress = {...state.progress, exam: changeTask(exam, task.drill, part)};
    return [
      {...state, progress},
      {do: 'save', progress},
    ];
  };
  switch (action) {
    case 'back': {
      const [left, ...commands] = back(state);
      const paused = withMessage(
        left,
        'look',
        'The exam waits, its clock stands still. enter goes on with it.',
      );
      return [
        {...paused, screen: {name: 'home', cursor: 0}, below: []},
        {do: 'save', progress: state.progress},
        ...commands,
      ];
    }
    case 'enter': {
      const drill = task && drillOf(state, task.drill);
      if (drill === undefined) return [state];
      const lines = drill.task.split('\n').map((text) => ({text}));
      return [push(state, {name: 'text', title: drill.title, lesson: undefined, lines, top: 0})];
    }
    case 'next': {
      const order = [...exam.tasks.keys()].map((one) => (screen.cursor + 1 + one) % exam.tasks.length);
      const next = order.find((index) => !exam.tasks[index]?.done);
      return next === undefined
        ? [withMessage(state, 'passed', 'Every task is marked as done. H hands in.')]
        : at(state, next);
    }
    case 'jump': {
      const index = Number(key) - 1;
      return index < exam.tasks.length ? at(state, index) : [state];
    }
    case 'flag':
      return change({flagged: !task?.flagged});
    case 'done':
      return change({done: !task?.done});
    case 'shell': {
      const drill = currentDrill(state);
      return drill === undefined ? [state] : [state, {do: 'shell', drill}];
    }
    case 'documentation': {
      const lines = documentationIndex()
        .split('\n')
        .map((text) => ({text}));
      return [push(state, {name: 'text', title: 'Documentation', lesson: undefined, lines, top: 0})];
    }
    case 'hand-in': {
      const unseen = exam.tasks.filter((one) => !one.seen).length;
      const left = exam.tasks.filter((one) => !one.done).length;
      const why =
        unseen > 0
          ? ` ${unseen} ${unseen === 1 ? 'task was' : 'tasks were'} not opened.`
          : left > 0
            ? ` ${left} ${left === 1 ? 'task is' : 'tasks are'} not marked as done.`
            : '';
      return [
        {
          ...state,
          overlay: {name: 'word', question: `Hand in?${why} Type hand in:`, word: 'hand in', text: ''},
        },
      ];
    }
    default:
      return undefined;
  }
}

/** The exam with a task under the cursor, which counts as seen then. */
export function at(state: State, cursor: number): Update {
  const {screen, progress} = state;
  const {exam} = progress;
  const task = exam?.tasks[cursor];
  if (screen.name !== 'exam' || exam === null || task === undefined) return [state];
  const next = {
    ...progress,
    exam: {...changeTask(exam, task.drill, {seen: true}), current: task.drill},
  };
  return [
    {...state, progress: next, screen: {...screen, cursor, scroll: 0}},
    {do: 'save', progress: next},
  ];
}

/** The task that was looked at last, else the first one that is not done. */
export function currentTask({tasks, current}: Exam): number {
  const last = tasks.findIndex(({drill}) => drill === current);
  return last >= 0
    ? last
    : Math.max(
        0,
        tasks.findIndex(({done}) => !done),
      );
}

export function handIn(state: State): Update {
  const {screen, progress} = state;
  if (screen.name !== 'exam' || progress.exam === null || screen.phase !== 'working') return [state];
  return [
    {...state, overlay: undefined, screen: {...screen, phase: 'grading'}},
    {do: 'hand-in', exam: progress.exam},
  ];
}
