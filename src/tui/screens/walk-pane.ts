import {domainOf} from '../../engine/curriculum.ts';
import type {ControlResult} from '../../engine/scan.ts';
import {scoreArrow} from '../components/forecast.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  bold,
  cut,
  cutLine,
  dim,
  EMPTY,
  ends,
  type Line,
  line,
  padEnd,
  plural,
  warn,
  widthOf,
  wrap,
} from '../layout.ts';
import {outlineOf} from '../lists.ts';
import {stripHeight} from '../rooms.ts';
import {currentDetail, resultOf} from '../select.ts';
import {PROSE} from '../sizes.ts';
import type {Approach, Detail, State} from '../state.ts';
import {places, trend} from './walk-places.ts';

const chosenResult = (state: State): ControlResult | undefined =>
  state.screen.name === 'walk' && state.screen.cursor !== undefined
    ? resultOf(state, state.screen.cursor)
    : undefined;

/** Below the list on a narrow screen: what the chosen control is about, and what can be done. */
export function walkStrip(state: State, width: number): readonly Line[] {
  const result = chosenResult(state);
  const rows = stripHeight(state);
  if (result === undefined) return Array.from({length: rows}, () => EMPTY);
  const lesson = state.lessons.get(result.entry.control.meta.practice);
  const domain = lesson && domainOf(lesson, outlineOf(state));
  const title = ends(
    [bold(lesson?.title ?? result.entry.title)],
    domain ? [dim(`CKS ${domain.number} ${domain.name}`)] : [],
    width,
  );
  const room = Math.min(width, PROSE);
  const gist = wrap(lesson?.gist ?? '', room).slice(0, 2);
  const fix = line(cut(fixSentence(state, result), width));
  const lines = rows > 3 ? [title, ...pad2(gist), fix] : [title, fix];
  return [EMPTY, ...lines.map((one) => line('  ', ...one))];
}

const pad2 = (lines: readonly string[]): readonly Line[] => [0, 1].map((at) => line(lines[at] ?? ''));

/** What can be done about a control, in one sentence or two. */
export function fixSentence(state: State, result: ControlResult): string {
  if (result.status === 'notEvaluated') return result.reason ?? 'It is not evaluated.';
  if (result.failed === 0) {
    return result.all === 0 ? 'Nothing here is of its kind, so nothing fails.' : `All ${result.all} pass.`;
  }
  const detail = currentDetail(state);
  if (detail === undefined) return '';
  const {approaches, forecast} = detail;
  const safe = approaches.find((one) => one.safe.size > 0);
  const left = result.failed - (safe?.safe.size ?? 0);
  if (safe) {
    const gain = forecast ? `, ${scoreArrow(state, forecast)}` : '';
    const rest = left === 0 ? '' : ` The other ${left} ${left === 1 ? 'needs' : 'need'} a decision.`;
    return `Fix: automatic for ${plural(safe.safe.size, 'object')}${gain}.${rest}`;
  }
  const first = approaches[0];
  if (first === undefined) return 'No fix is known here: the lesson tells what to do.';
  if (first.kind === 'manual')
    return `Fix: by hand, ${plural(first.steps.length, 'step')}. The control shows them.`;
  return `Fix: ${kindWords[first.kind]}, ${first.name}, clears ${plural(first.clears.size, 'object')}.`;
}

const kindWords = {
  automatic: 'automatic',
  review: 'to review first',
  recreate: 'makes objects again',
  manual: 'by hand',
} as const;

/** Right of the list on a wide screen. */
export function walkPane(state: State, width: number, height: number): readonly Line[] {
  const result = chosenResult(state);
  if (result === undefined) return [];
  const lesson = state.lessons.get(result.entry.control.meta.practice);
  const domain = lesson && domainOf(lesson, outlineOf(state));
  const detail = currentDetail(state);
  const about = [
    ...wrap(lesson?.title ?? result.entry.title, width).map((text) => line(bold(text))),
    ...(domain ? [line(dim(cut(`CKS ${domain.number} ${domain.name}, ${domain.weight}%`, width)))] : []),
    EMPTY,
    ...wrap(lesson?.gist ?? '', width).map((text) => line(text)),
  ];
  const parts = [about, places(result, width), choices(state, result, detail, width), trend(state)];
  const lines = parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : [EMPTY, ...part]));
  return lines.slice(0, height).map((one) => cutLine(one, width));
}

function choices(
  state: State,
  result: ControlResult,
  detail: Detail | undefined,
  width: number,
): readonly Line[] {
  if (result.status === 'notEvaluated') {
    return [
      line(warn(`${GLYPHS.unknown} not evaluated`)),
      ...wrap(result.reason ?? '', width).map((text) => line(text)),
    ];
  }
  if (result.failed === 0 || detail === undefined) return [];
  const head = line(bold('What you can do'));
  if (detail.approaches.length === 0) {
    return [
      head,
      ...wrap('No fix is known here: the lesson tells what to do.', width).map((text) => line(text)),
    ];
  }
  return [
    head,
    ...detail.approaches
      .slice(0, 3)
      .flatMap((approach, index) => [
        line(cut(`${index + 1} ${approach.name}`, width)),
        ...countsOf(approach).map((text) => line('  ', cut(text, width - 2))),
        ...(index === 0 && detail.forecast ? [line('  ', scoreArrow(state, detail.forecast))] : []),
      ]),
  ];
}

function countsOf(approach: Approach): readonly string[] {
  if (approach.kind === 'manual') return [`by hand, ${plural(approach.steps.length, 'step')}`];
  const others = approach.clears.size - approach.safe.size;
  return [
    ...(approach.safe.size > 0 ? [`${plural(approach.safe.size, 'object')}, automatic`] : []),
    ...(others > 0
      ? [`${plural(others, 'object')}, ${approach.kind === 'automatic' ? 'review' : approach.kind}`]
      : []),
  ];
}

/** The failing objects of the chosen control: the third pane of a very wide screen. */
export function walkObjects(state: State, width: number, height: number): readonly Line[] {
  const detail = currentDetail(state);
  const result = chosenResult(state);
  if (detail === undefined || result === undefined || detail.rows.length === 0) return [];
  const room = height - 2;
  const shown = detail.rows.slice(0, detail.rows.length > room ? room - 1 : room);
  const name = Math.min(
    44,
    Math.max(...shown.map(({ref}) => widthOf(ref.namespace) + widthOf(ref.name) + 1)),
  );
  return [
    line(bold('Failing'), ` ${result.failed}`),
    ...shown.map(({ref, found}) =>
      cutLine(
        line(padEnd(ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name, name), '  ', dim(found)),
        width,
      ),
    ),
    ...(shown.length < detail.rows.length
      ? [line(dim(`${GLYPHS.more} ${detail.rows.length - shown.length} more`))]
      : []),
  ];
}
