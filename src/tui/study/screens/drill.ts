import {type Drill, domainOfDrill} from '../../../learn/drill.ts';
import {GLYPHS} from '../../glyphs.ts';
import {bad, beside, bold, cut, dim, EMPTY, ends, good, type Line, line, padEnd, wrap} from '../../layout.ts';
import {PROSE, twoPanes} from '../../sizes.ts';
import {clockText} from '../select.ts';
import {type Cluster, type DrillScreen, drillOf, type State} from '../state.ts';
import {markdownLines} from './markdown.ts';

/** A drill: its task, what is checked while you work, hints and where to work. */
export function drillBody(state: State, screen: DrillScreen, height: number): readonly Line[] {
  const drill = drillOf(state, screen.drill);
  if (drill === undefined) return [];
  if (screen.phase === 'failed') {
    return [
      line('  ', bold(drill.title)),
      EMPTY,
      ...indent(wrap(screen.problem, Math.min(PROSE, state.columns - 4))),
    ];
  }
  if (twoPanes(state)) {
    const leftWidth = Math.floor(state.columns * 0.5) - 1;
    const taskWidth = Math.min(PROSE, leftWidth - 3);
    const left = [
      ...headLines(drill, taskWidth),
      EMPTY,
      ...textLines(screen, drill, taskWidth),
      EMPTY,
      ...lowerLines(state, screen, drill, taskWidth),
    ];
    const room = Math.min(PROSE, state.columns - leftWidth - 7);
    const right = [...checkLines(state, screen, drill, room, true), EMPTY, ...happenedLines(screen, room)];
    return beside(scrolled(left, screen.scroll, height), right, leftWidth, height);
  }
  const width = Math.min(PROSE, state.columns - 4);
  const task = [...headLines(drill, width), EMPTY, ...textLines(screen, drill, width)];
  const lower = lowerLines(state, screen, drill, width);
  const checks = (reasons: boolean) =>
    checkLines(state, screen, drill, width, reasons).map((one) => line('  ', ...one));
  if (screen.tab === 'checks') return scrolled(checks(true), screen.scroll, height);
  const whole = (reasons: boolean) => [...task, EMPTY, ...checks(reasons), EMPTY, ...lower];
  // What was found is told where there is room for it; tab shows it else.
  const told = whole(true);
  if (told.length <= height) return told;
  const short = whole(false);
  if (short.length <= height) return short;
  // Where to work was read by then, when there is a hint.
  const hinted = lowerLines(state, screen, drill, width, screen.hints > 0);
  const rest = [...checks(false), EMPTY, ...hinted];
  // The task scrolls above the marks, which always stay.
  const room = height - rest.length - 1;
  if (room >= 6) return [...scrolled(task, screen.scroll, room), EMPTY, ...rest];
  return scrolled([...task, EMPTY, ...lower], screen.scroll, height);
}

/** Rows from `top` on, never beyond the last page. */
export function scrolled(lines: readonly Line[], top: number, height: number): readonly Line[] {
  const first = Math.max(0, Math.min(top, lines.length - height));
  const shown = lines.slice(first, first + height);
  const left = lines.length - first - shown.length;
  return left > 0 ? [...shown.slice(0, -1), line(`  ${GLYPHS.more} ${left + 1} more, jk scrolls`)] : shown;
}

const indent = (texts: readonly string[]): readonly Line[] => texts.map((text) => line('  ', text));

function headLines(drill: Drill, width: number): readonly Line[] {
  const {number, name} = domainOfDrill(drill);
  const place = `CKS ${number} ${name}, ${drill.difficulty}, ${drill.minutes} min`;
  if (drill.title.length + place.length + 2 <= width) {
    return [line('  ', ...ends([bold(drill.title)], [dim(place)], width))];
  }
  return [line('  ', bold(drill.title)), line('  ', dim(cut(place, width)))];
}

function textLines(screen: DrillScreen, drill: Drill, width: number): readonly Line[] {
  if (screen.solution === undefined) {
    return markdownLines(drill.task, width).map((one) => line('  ', ...one));
  }
  return [
    line('  ', bold('Solution'), dim('   v or esc closes it')),
    ...screen.solution
      .trimEnd()
      .split('\n')
      .map((text) => line('  ', text.startsWith('#') ? dim(cut(text, width)) : cut(text, width))),
  ];
}

function checkLines(
  state: State,
  screen: DrillScreen,
  drill: Drill,
  width: number,
  reasons: boolean,
): readonly Line[] {
  const {results} = screen;
  const met = (results ?? []).filter(({passed}) => passed).length;
  const head = screen.phase === 'waiting' ? 'Setting it up' : 'Checked while you work';
  const count = twoPanes(state) && results ? [dim(`${met} of ${results.length}`)] : [];
  const spinner = GLYPHS.spinner[state.tick % GLYPHS.spinner.length]!;
  return [
    line(...ends([bold(head)], count, width)),
    ...drill.criteria.flatMap(({id, text}) => {
      const found = results?.find((one) => one.id === id);
      const mark =
        found === undefined ? dim(spinner) : found.passed ? good(GLYPHS.passed) : bad(GLYPHS.failed);
      const why = found && !found.passed ? wrap(`${found.reason}.`, width - 2) : [];
      return [
        ...wrap(text, width - 2).map((part, index) => line(index === 0 ? mark : ' ', ' ', part)),
        ...(reasons ? why.slice(0, 3).map((part) => line('  ', dim(part))) : []),
      ];
    }),
  ];
}

function lowerLines(
  state: State,
  screen: DrillScreen,
  drill: Drill,
  width: number,
  brief = false,
): readonly Line[] {
  if (screen.solvedAt !== undefined) {
    const time = clockText(screen.solvedAt - screen.startedAt);
    const how = screen.shown
      ? 'after the solution was shown'
      : screen.hints === 0
        ? 'without a hint'
        : `with ${screen.hints} ${screen.hints === 1 ? 'hint' : 'hints'}`;
    const text = `Solved in ${time} ${how}. n goes on, v shows the solution.`;
    return wrap(text, width - 2).map((part, index) =>
      line('  ', index === 0 ? good(GLYPHS.passed) : ' ', ' ', part),
    );
  }
  const hint = drill.hints[screen.hints - 1];
  const label = `Hint ${screen.hints} of ${drill.hints.length}   `;
  const {cluster} = state;
  const hinted =
    hint === undefined
      ? []
      : wrap(hint, width - label.length).map((part, index) =>
          line('  ', index === 0 ? dim(label) : padEnd('', label.length), part),
        );
  if (brief) return hinted;
  return [
    ...hinted,
    ...(hint === undefined ? [] : [EMPTY]),
    line('  ', 'Work in a second terminal, or press s:'),
    ...(cluster.is === 'open' ? placeLines(drill, cluster).map((text) => line('  ', cut(text, width))) : []),
  ];
}

/** What a second terminal needs to work there; as the shell has it by itself. */
const placeLines = (
  {id, task, onNodes}: Drill,
  {kubeconfig, work, nodes}: Extract<Cluster, {is: 'open'}>,
): readonly string[] => [
  `  export KUBECONFIG=${kubeconfig}`,
  ...(task.includes('work folder') ? [`  cd ${work}/${id}`] : []),
  ...(onNodes && nodes ? [`  cd ${nodes}`] : []),
];

function happenedLines(screen: DrillScreen, width: number): readonly Line[] {
  if (screen.happened.length === 0) return [];
  const two = (value: number): string => String(value).padStart(2, '0');
  return [
    line(...ends([bold('What happened')], [dim('last first')], width)),
    ...screen.happened.map(({at, object, what}) => {
      const time = new Date(at);
      const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
      return line(dim(clock), '  ', padEnd(cut(object, width - 24), width - 24), '  ', cut(what, 12));
    }),
  ];
}
