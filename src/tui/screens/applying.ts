import {describe} from '../../engine/objects.ts';
import type {RolloutStatus} from '../../target/target.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  bad,
  bold,
  cutLine,
  dim,
  EMPTY,
  good,
  type Line,
  line,
  padEnd,
  type Span,
  widthOf,
  wrap,
} from '../layout.ts';
import {contentWidth, PROSE} from '../sizes.ts';
import type {ApplyingScreen, ApplyStep, State} from '../state.ts';

/** What is written, and whether it runs. */
export function applyingBody(state: State, screen: ApplyingScreen, height: number): readonly Line[] {
  const width = contentWidth(state);
  const spinner = dim(GLYPHS.spinner[state.tick % GLYPHS.spinner.length]!);
  const title =
    screen.number === undefined || screen.undo ? screen.title : `Change ${screen.number}, ${screen.title}`;
  const names = Math.min(48, Math.max(34, ...screen.steps.map(({ref}) => widthOf(describe(ref)) + 2)));
  return [
    line('  ', bold(title)),
    EMPTY,
    line(
      '  ',
      screen.journalled ? good(GLYPHS.passed) : spinner,
      ' ',
      padEnd('journal', names),
      'written first, so that it can be undone',
    ),
    ...stepLines(screen, names, spinner, Math.max(4, height - 12), width),
    ...guardLines(state, screen, names),
    ...(screen.phase === 'failed' ? problemLines(screen, width) : []),
  ].map((one) => cutLine(one, width + 2));
}

function stepLines(
  {steps, phase}: ApplyingScreen,
  names: number,
  spinner: Span,
  room: number,
  width: number,
): readonly Line[] {
  const done = steps.filter(({state}) => state === 'written').length;
  const one = (step: ApplyStep): readonly Line[] => {
    const mark =
      step.state === 'written'
        ? good(GLYPHS.passed)
        : step.state === 'refused'
          ? bad(GLYPHS.failed)
          : phase === 'writing'
            ? spinner
            : dim(GLYPHS.none);
    const what =
      step.state === 'written'
        ? step.verb
        : step.state === 'refused'
          ? step.leftOut
            ? 'left out'
            : 'refused'
          : phase === 'writing'
            ? 'waiting'
            : 'not written';
    return [
      line('  ', mark, ' ', padEnd(describe(step.ref), names), what),
      ...(step.reason === undefined
        ? []
        : wrap(step.reason, Math.min(width, PROSE) - 4).map((text) => line('      ', text))),
    ];
  };
  if (steps.length <= room) return steps.flatMap(one);
  const odd = steps.filter(({state}) => state === 'refused');
  const mark = done === steps.length ? good(GLYPHS.passed) : spinner;
  return [
    line('  ', mark, ' ', padEnd('objects', names), `${done} of ${steps.length} written`),
    ...odd.slice(0, room - 1).flatMap(one),
  ];
}

function guardLines(state: State, screen: ApplyingScreen, names: number): readonly Line[] {
  if (screen.phase !== 'guarding') return [];
  const time = `${Math.floor(screen.seconds / 60)}:${String(screen.seconds % 60).padStart(2, '0')}`;
  const width = Math.min(contentWidth(state), PROSE);
  const spinner = dim(GLYPHS.spinner[state.tick % GLYPHS.spinner.length]!);
  return [
    EMPTY,
    line('  ', bold(padEnd('Rollout guard', names + 2)), time),
    ...screen.guard.flatMap((status) => {
      const mark =
        status.state === 'ready'
          ? good(GLYPHS.passed)
          : status.state === 'failing'
            ? bad(GLYPHS.failed)
            : spinner;
      const restarts =
        status.restarts > 0 ? `, ${status.restarts} ${status.restarts === 1 ? 'restart' : 'restarts'}` : '';
      return [
        line(
          '  ',
          mark,
          ' ',
          padEnd(describe(status.ref), names),
          `${status.ready} of ${status.wanted} ready${restarts}`,
        ),
        ...[...status.reasons, ...stillServing(status)].flatMap((reason) =>
          wrap(reason, width - 6).map((text) => line('      ', text)),
        ),
      ];
    }),
    ...(screen.guard.some(({state: one}) => one === 'failing')
      ? [
          EMPTY,
          screen.takesBackAt === undefined
            ? line('  ', `u takes change ${screen.number ?? ''} back.`)
            : line(
                '  ',
                `Takes change ${screen.number ?? ''} back in ${Math.max(0, screen.takesBackAt - screen.seconds)} s. esc keeps it.`,
              ),
          line('  esc keeps the change and stops watching.'),
        ]
      : []),
  ];
}

/** A failing rollout leaves what ran before it. */
const stillServing = ({state, ready}: RolloutStatus): readonly string[] =>
  state !== 'failing' || ready === 0
    ? []
    : [
        `${ready} ${ready === 1 ? 'pod' : 'pods'} from before the change still ${ready === 1 ? 'serves' : 'serve'}.`,
      ];

function problemLines(screen: ApplyingScreen, width: number): readonly Line[] {
  const written = screen.steps.filter(({state}) => state === 'written').length;
  const end =
    written === 0
      ? 'Nothing was applied. esc goes back.'
      : `${written} of ${screen.steps.length} objects were written before that. u shows how to take them back.`;
  return [
    EMPTY,
    ...[...screen.problem, end].flatMap((text, index) =>
      wrap(text, Math.min(width, PROSE) - 2).map((part, at) =>
        line('  ', index === 0 && at === 0 ? bad(GLYPHS.failed) : ' ', ' ', part),
      ),
    ),
  ];
}
