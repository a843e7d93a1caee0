import {domainOfDrill} from '../../../learn/drill.ts';
import type {ExamTask} from '../../../learn/progress.ts';
import {GLYPHS} from '../../glyphs.ts';
import {
  beside,
  bold,
  cut,
  dim,
  EMPTY,
  type Line,
  line,
  padEnd,
  padStart,
  select,
  wrap,
} from '../../layout.ts';
import {PROSE, twoPanes} from '../../sizes.ts';
import {drillOf, type ExamScreen, type State} from '../state.ts';
import {examLengths, windowTop} from '../update/move.ts';
import {scrolled} from './drill.ts';
import {markdownLines} from './markdown.ts';

/** How long the exam is to be, and what it will be like. */
export function examChoiceBody(state: State, screen: {readonly cursor: number}): readonly Line[] {
  const width = Math.min(PROSE, state.columns - 4);
  const words: Readonly<Record<number, string>> = {
    120: '2 hours',
    60: '1 hour',
    30: '30 minutes',
    15: '15 minutes',
  };
  return [
    ...wrap(
      'Tasks are drawn by the weights of the domains. Nothing is judged before you hand in; each criterion that is met earns its part of the points.',
      width,
    ).map((text) => line('  ', text)),
    EMPTY,
    ...examLengths.map((minutes, index) => {
      const chosen = index === screen.cursor;
      const tasks = Math.max(2, Math.round(minutes / 7.5));
      const row = line(
        chosen ? GLYPHS.cursor : ' ',
        ' ',
        {text: padEnd(words[minutes] ?? '', 14), ...(chosen ? {bold: true} : {})},
        `${tasks} tasks`,
        minutes === 120 && dim(', as the real one'),
      );
      return chosen ? select(row, width + 2) : row;
    }),
    EMPTY,
    ...wrap(
      `${state.progress.passMark} of 100 pass. s opens a shell with kubectl, alias k, your editors and ssh to the nodes; in the exam, d shows the index of the documentation. esc pauses, and should kubekata end, the exam goes on where it was.`,
      width,
    ).map((text) => line('  ', text)),
  ];
}

const stateOf = ({done, flagged, seen}: ExamTask): string =>
  [done && 'done', flagged && 'flagged'].filter(Boolean).join(', ') || (seen ? 'seen' : '');

/** The tasks, and the text of the one under the cursor. */
export function examBody(state: State, screen: ExamScreen, height: number): readonly Line[] {
  const {exam} = state.progress;
  const width = Math.min(twoPanes(state) ? 76 : 100, state.columns - 4);
  if (screen.phase === 'failed') {
    return wrap(screen.problem, width).map((text) => line('  ', text));
  }
  if (screen.phase === 'grading') return [line('  ', 'Every task is judged now.')];
  if (exam === null) return [];
  if (screen.phase === 'waiting') {
    return [
      line(
        '  ',
        `${spinner(state)} ${exam.tasks.length} tasks are set up. The clock stands still until then.`,
      ),
    ];
  }
  const wide = twoPanes(state);
  const room = wide ? height - 4 : Math.max(3, Math.min(exam.tasks.length, Math.floor(height / 2) - 4));
  const top = windowTop(0, screen.cursor, exam.tasks.length, room);
  const shown = exam.tasks.slice(top, top + room);
  const rest = exam.tasks.slice(top + room);
  const done = exam.tasks.filter((task) => task.done).length;
  const list = [
    line(
      '  ',
      dim(
        `${padStart('#', 3)}  ${padEnd('Task', width - 38)}${padStart('Domain', 8)}${padStart('Points', 9)}   State`,
      ),
    ),
    ...shown.map((task, index) => {
      const number = top + index;
      const chosen = number === screen.cursor;
      const drill = drillOf(state, task.drill);
      const row = line(
        chosen ? GLYPHS.cursor : ' ',
        ' ',
        padStart(String(number + 1), 3),
        '  ',
        {
          text: padEnd(cut(drill?.title ?? task.drill, width - 39), width - 38),
          ...(chosen ? {bold: true} : {}),
        },
        padStart(drill ? String(domainOfDrill(drill).number) : '', 8),
        padStart(String(task.points), 9),
        '   ',
        stateOf(task),
      );
      return chosen ? select(row, width + 2) : row;
    }),
    ...(rest.length > 0
      ? [line(`  ${GLYPHS.more} ${rest.length} more, ${rest.filter((task) => !task.seen).length} not seen`)]
      : []),
  ];
  const foot = [
    EMPTY,
    ...wrap(
      `${done} of ${exam.tasks.length} tasks done. Results are shown when you hand in, not before.`,
      width,
    ).map((text) => line('  ', text)),
  ];
  const text = (columns: number): readonly Line[] =>
    taskLines(state, screen, exam.tasks[screen.cursor], columns);
  if (wide) return beside([...list, ...foot], text(Math.min(PROSE, state.columns - 84)), 79, height);
  const left = height - list.length - foot.length - 1;
  const task = text(Math.min(PROSE, width)).map((one) => line('  ', ...one));
  return [...list, EMPTY, ...scrolled(task, screen.scroll, left), ...foot];
}

function taskLines(
  state: State,
  screen: ExamScreen,
  task: ExamTask | undefined,
  width: number,
): readonly Line[] {
  const drill = task && drillOf(state, task.drill);
  if (task === undefined || drill === undefined) return [];
  return [
    line(bold(`Task ${screen.cursor + 1}, ${task.points} points`)),
    ...markdownLines(drill.task, width),
    ...(drill.onNodes ? [EMPTY, line(dim('In the shell: ssh NODE steps onto the files of a node.'))] : []),
  ];
}

const spinner = ({tick}: State): string => GLYPHS.spinner[tick % GLYPHS.spinner.length]!;
