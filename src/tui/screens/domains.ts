import {DOMAINS, domainOf, type Outline} from '../../engine/curriculum.ts';
import type {ControlResult} from '../../engine/scan.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  bar,
  beside,
  bold,
  cutLine,
  dim,
  EMPTY,
  type Line,
  line,
  padEnd,
  padStart,
  select,
} from '../layout.ts';
import {outlineOf} from '../lists.ts';
import {contentWidth, isNarrow, leftPaneWidth, rightPaneWidth, twoPanes} from '../sizes.ts';
import type {DomainsScreen, State} from '../state.ts';

/** The cluster as the exam sees it. */
export function domainsBody(state: State, screen: DomainsScreen, height: number): readonly Line[] {
  const wide = twoPanes(state);
  const width = wide ? leftPaneWidth(state) - 3 : contentWidth(state);
  const year = screen.outline === '2021' ? 'outline of 2021' : 'outline of today';
  const bars = !isNarrow(state);
  const head = `${padEnd(`CKS domain, ${year}`, nameWidth(width, bars))}${padStart('Exam', 5)}${padStart('Controls', 10)}${padStart('Score', bars ? 18 : 6)}`;
  const list = [
    line('  ', dim(head)),
    ...DOMAINS.map((_, index) => {
      const row = cutLine(
        line(
          index === screen.cursor ? GLYPHS.cursor : ' ',
          ' ',
          domainRow(state, index, screen.outline, width, bars, index === screen.cursor),
        ),
        width + 2,
      );
      return index === screen.cursor ? select(row, width + 2) : row;
    }),
  ];
  const other = without(state, screen.outline);
  const note = other === 0 ? [] : [EMPTY, line(`  ${other} controls have no place in this outline.`)];
  if (wide) {
    return beside(
      [...list, ...note],
      practices(state, screen, rightPaneWidth(state)),
      leftPaneWidth(state),
      height,
    );
  }
  return [...list, EMPTY, ...practices(state, screen, width).map((one) => line('  ', ...one)), ...note];
}

const nameWidth = (width: number, bars: boolean): number => width - 15 - (bars ? 18 : 6);

const controlsOf = (state: State, number: number, outline: Outline): readonly ControlResult[] =>
  (state.scan?.controls ?? []).filter(({entry}) => {
    const lesson = state.lessons.get(entry.control.meta.practice);
    return lesson !== undefined && domainOf(lesson, outline)?.number === number;
  });

const without = (state: State, outline: Outline): number =>
  (state.scan?.controls ?? []).filter(({entry}) => {
    const lesson = state.lessons.get(entry.control.meta.practice);
    return lesson === undefined || domainOf(lesson, outline) === undefined;
  }).length;

/** Percent of the verdicts of a domain's evaluated controls that passed; undefined where it has none. */
function scoreOf(controls: readonly ControlResult[]): number | undefined {
  const seen = controls.filter(({status}) => status !== 'notEvaluated');
  const all = seen.reduce((sum, one) => sum + one.all, 0);
  const failed = seen.reduce((sum, one) => sum + one.failed, 0);
  return seen.length === 0 ? undefined : all === 0 ? 100 : (100 * (all - failed)) / all;
}

function domainRow(
  state: State,
  index: number,
  outline: Outline,
  width: number,
  bars: boolean,
  chosen: boolean,
): Line {
  const domain = DOMAINS[index]!;
  const controls = controlsOf(state, domain.number, outline);
  const score = scoreOf(controls);
  const name = padEnd(`${domain.number} ${domain.name}`, nameWidth(width, bars));
  return line(
    {text: name, ...(chosen ? {bold: true} : {})},
    padStart(`${domain.weight[outline]}%`, 5),
    padStart(String(controls.length), 10),
    score === undefined
      ? dim(padStart(bars ? 'no control here' : '-', bars ? 18 : 6))
      : line(bars && '  ', bars && bar(score, 10), padStart(`${Math.floor(score + 1e-9)}%`, 6)),
  );
}

/** The six domains with their scores, for the pane beside a result. */
export const domainRows = (
  state: State,
  width: number,
  outline: Outline = outlineOf(state),
): readonly Line[] => {
  const bars = width >= 40;
  return DOMAINS.map((domain, index) => {
    const score = scoreOf(controlsOf(state, index + 1, outline));
    const name = padEnd(`${domain.number} ${domain.name}`, width - (bars ? 18 : 6));
    return line(
      name,
      score === undefined
        ? dim(padStart('-', bars ? 18 : 6))
        : line(bars && '  ', bars && bar(score, 10), padStart(`${Math.floor(score + 1e-9)}%`, 6)),
    );
  });
};

function practices(state: State, screen: DomainsScreen, width: number): readonly Line[] {
  const number = screen.cursor + 1;
  const rows = state.lessonIds.flatMap((id) => {
    const lesson = state.lessons.get(id);
    if (lesson === undefined || domainOf(lesson, screen.outline)?.number !== number) return [];
    const controls = (state.scan?.controls ?? []).filter(({entry}) => entry.control.meta.practice === id);
    const all = controls.reduce((sum, one) => sum + one.all, 0);
    const failed = controls.reduce((sum, one) => sum + one.failed, 0);
    return [
      {
        title: lesson.title,
        ids: controls.length === 0 ? 'none' : controls.map(({entry}) => entry.id).join(' '),
        failing: controls.length === 0 ? 'lesson only' : `${failed} of ${all}`,
      },
    ];
  });
  const ids = Math.min(22, Math.max(8, ...rows.map((row) => row.ids.length)));
  const title = Math.max(16, width - ids - 2 - 12);
  return [
    line(
      bold(padEnd(`Practices of domain ${number}`, title)),
      '  ',
      dim(padEnd('Controls', ids)),
      dim(padStart('Failing', 12)),
    ),
    ...rows.map((row) =>
      cutLine(line(padEnd(row.title, title), '  ', padEnd(row.ids, ids), padStart(row.failing, 12)), width),
    ),
    ...(rows.length === 0 ? [line(dim('No practice of the guidance belongs here.'))] : []),
  ];
}
