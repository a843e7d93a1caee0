import type {Plan} from '../../fix/plan.ts';
import {answerLines} from '../components/answers.ts';
import {diffLines, sideLines} from '../components/diff.ts';
import {GLYPHS} from '../glyphs.ts';
import {bad, beside, bold, dim, EMPTY, type Line, line, padEnd, plural, wrap} from '../layout.ts';
import {objectsOf, type PreviewObject} from '../select.ts';
import {
  bodyHeight,
  contentWidth,
  isNarrow,
  lastWidth,
  leftPaneWidth,
  middleWidth,
  PROSE,
  rightPaneWidth,
  threePanes,
  twoPanes,
} from '../sizes.ts';
import type {Forecast, PreviewScreen, State} from '../state.ts';
import {nameOf, objectPart} from './preview-objects.ts';
import {questionsBody} from './questions.ts';

/** What a change would do, before it is done: the difference, and four answers. */
export function previewBody(state: State, screen: PreviewScreen, height: number): readonly Line[] {
  const {phase} = screen;
  switch (phase.is) {
    case 'questions':
      return questionsBody(state, screen, phase);
    case 'failed':
      return failedBody(state, phase.title, phase.details);
    case 'asking':
      return screen.shown
        ? planBody(state, screen, screen.shown, undefined, height)
        : [
            line('  ', bold(screen.title)),
            EMPTY,
            line('  ', dim('The server is asked what it would store.')),
          ];
    case 'ready':
      return planBody(state, screen, phase.plan, phase.forecast, height);
  }
}

function failedBody(state: State, title: string, details: readonly string[]): readonly Line[] {
  const width = Math.min(contentWidth(state), PROSE);
  return [
    ...wrap(title, width - 2).map((text, index) =>
      line('  ', index === 0 ? bad(GLYPHS.failed) : ' ', ' ', text),
    ),
    ...details.flatMap((detail) => [EMPTY, ...wrap(detail, width).map((text) => line('  ', text))]),
    EMPTY,
    line('  Nothing was applied. ctrl-r asks again, esc goes back.'),
  ];
}

function planBody(
  state: State,
  screen: PreviewScreen,
  plan: Plan,
  forecast: Forecast | undefined,
  height: number,
): readonly Line[] {
  if (screen.whole) return wholeBody(state, screen, plan, forecast, height);
  const answers = (width: number, most: number): readonly Line[] =>
    screen.phase.is === 'asking'
      ? ['Score', 'Server', 'May break', 'Owner'].map((label) =>
          line(dim(padEnd(label, 11)), dim(spinner(state))),
        )
      : answerLines(state, screen.controlId, plan, forecast, width, most, screen.consequences, screen.fields);
  if (threePanes(state)) {
    const left = leftPaneWidth(state);
    const middle = middleWidth(state);
    const objects = objectPart(state, screen, plan, left - 3);
    const sides = diffPart(state, screen, middle, height).map((one) => one.slice(1));
    const both = beside(objects, sides, left, height);
    return beside(both, answers(lastWidth(state), height), left + 3 + middle, height);
  }
  if (twoPanes(state)) {
    const left = leftPaneWidth(state);
    const list = objectPart(state, screen, plan, left - 3);
    const diff = diffPart(state, screen, left - 3, height - list.length - 1);
    const right = answers(rightPaneWidth(state), height);
    return beside([...list, EMPTY, ...diff], right, left, height);
  }
  const width = contentWidth(state);
  const list = objectPart(state, screen, plan, width);
  const least = isNarrow(state) || state.rows < 24 ? 4 : Math.min(8, allDiffLines(screen, width).length + 1);
  const shown = answers(width, Math.max(4, height - list.length - least)).map((one) => line('  ', ...one));
  const diff = diffPart(state, screen, width, height - list.length - shown.length - 2);
  return isNarrow(state)
    ? [...list, EMPTY, ...shown, EMPTY, ...diff]
    : [...list, EMPTY, ...diff, EMPTY, ...shown];
}

/** Everything at once, to be scrolled: the whole object, and all that is to be said. */
function wholeBody(
  state: State,
  screen: PreviewScreen,
  plan: Plan,
  forecast: Forecast | undefined,
  height: number,
): readonly Line[] {
  const lines = wholeLines(state, screen, plan, forecast);
  const top = Math.max(0, Math.min(screen.scroll, lines.length - height));
  return lines.slice(top, top + height);
}

function wholeLines(
  state: State,
  screen: PreviewScreen,
  plan: Plan,
  forecast: Forecast | undefined,
): readonly Line[] {
  const width = contentWidth(state);
  const answers = answerLines(
    state,
    screen.controlId,
    plan,
    forecast,
    width,
    1000,
    screen.consequences,
    screen.fields,
  );
  const chosen = chosenObject(screen);
  return [
    line('  ', bold(chosen ? nameOf(chosen) : '')),
    EMPTY,
    ...allDiffLines(screen, width).map((one) => line('  ', ...one)),
    EMPTY,
    ...answers.map((one) => line('  ', ...one)),
  ];
}

/** Lines that the preview can be scrolled by. */
export function previewScroll(state: State, screen: PreviewScreen): number {
  if (screen.phase.is !== 'ready') return 0;
  if (screen.whole) {
    const {plan, forecast} = screen.phase;
    return Math.max(0, wholeLines(state, screen, plan, forecast).length - bodyHeight(state));
  }
  return Math.max(0, shownDiff(state, screen, contentWidth(state)).length - 2);
}

const spinner = (state: State): string => GLYPHS.spinner[state.tick % GLYPHS.spinner.length]!;

/** Where there is little room, the lines above the first change are left out: what changes is seen at once. */
function fromChange(all: readonly Line[], height: number): readonly Line[] {
  const first = all.findIndex((spans) => spans.some(({text}) => /^[+-] /.test(text)));
  const skipped = first < Math.max(2, height - 2) ? 0 : Math.max(0, first - 1);
  if (skipped < 2) return all;
  return [line('  ', dim(`${GLYPHS.more} ${skipped} lines as they are`)), ...all.slice(skipped)];
}

function diffPart(state: State, screen: PreviewScreen, width: number, height: number): readonly Line[] {
  const lines = fromChange(shownDiff(state, screen, width), height);
  const room = lines.length > height ? Math.max(1, height - 1) : height;
  const top = Math.max(0, Math.min(screen.scroll, lines.length - room));
  const shown = lines.slice(top, top + room);
  const below = lines.length - top - shown.length;
  return [
    ...shown.map((one) => line('  ', ...one)),
    ...(below > 0
      ? [
          line(
            '  ',
            dim(
              `${GLYPHS.more} ${plural(below, 'more line', 'more lines')}, ${state.rows < 24 ? '' : 'y unfolds, '}jk scrolls`,
            ),
          ),
        ]
      : []),
  ];
}

/** The difference as the screen has room for it: on a very wide one before and after stand side by side. */
function shownDiff(state: State, screen: PreviewScreen, width: number): readonly Line[] {
  const {item} = chosenObject(screen) ?? {};
  if (!threePanes(state) || screen.whole || item === undefined) return allDiffLines(screen, width);
  const file = item.text ? [line(dim(item.text.file))] : [];
  return [...file, ...sideLines(item, width)];
}

function chosenObject(screen: PreviewScreen): PreviewObject | undefined {
  const objects = objectsOf(screen);
  return objects[Math.min(screen.cursor, objects.length - 1)];
}

/** The difference of the object under the cursor; of an only one, or of few that are made, all of it. */
export function allDiffLines(screen: PreviewScreen, width: number): readonly Line[] {
  const {item} = chosenObject(screen) ?? {};
  if (item === undefined) return [];
  const file = item.text ? [line(dim(item.text.file))] : [];
  return [...file, ...diffLines(item, screen.whole, width)];
}
