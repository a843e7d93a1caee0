import {domainOf} from '../../engine/curriculum.ts';
import type {ControlResult} from '../../engine/scan.ts';
import {lessonLines} from '../components/lesson.ts';
import {GLYPHS} from '../glyphs.ts';
import {accent, beside, bold, dim, EMPTY, ends, type Line, line, type Span, warn, wrap} from '../layout.ts';
import {outlineOf} from '../lists.ts';
import {resultOf} from '../select.ts';
import {
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
import type {ControlScreen, State} from '../state.ts';
import {failingBody} from './control-failing.ts';
import {objectPane} from './control-object.ts';

/** One control: its lesson, what fails where, and the fixes to choose from. */
export function controlBody(state: State, screen: ControlScreen, height: number): readonly Line[] {
  const result = resultOf(state, screen.id);
  if (result === undefined) return [line(`  There is no control ${screen.id} in ${state.frameworkId}.`)];
  const head = headLine(state, result);
  if (!twoPanes(state)) {
    const width = contentWidth(state);
    const content =
      screen.tab === 'lesson'
        ? lesson(state, screen, result, width, height - 3)
        : result.status === 'notEvaluated'
          ? {position: '', lines: notEvaluated(result, width)}
          : failingBody(state, screen, width, height - 3);
    const tabs = line('  ', ...tabSpans(state, screen, result), '');
    const right = screen.tab === 'lesson' ? domainText(state, result) : content.position;
    return [head, ends(tabs, right === '' ? [] : [dim(right)], width + 2), EMPTY, ...content.lines];
  }
  return [head, EMPTY, ...panes(state, screen, result, height - 2)];
}

function panes(state: State, screen: ControlScreen, result: ControlResult, height: number): readonly Line[] {
  const left = leftPaneWidth(state);
  const width = left - 3;
  const room = height - 2;
  const failing =
    result.status === 'notEvaluated'
      ? {position: '', lines: notEvaluated(result, width)}
      : failingBody(state, screen, width, room);
  const right = threePanes(state) ? middleWidth(state) : rightPaneWidth(state);
  const text = lesson(state, screen, result, right, room);
  const tab = (name: string, chosen: boolean): Span => (chosen ? bold(`[${name}]`) : {text: name});
  const leftLines = [
    ends(line('  ', tab(rowsTitle(result), screen.tab === 'failing')), [dim(failing.position)], width + 2),
    EMPTY,
    ...failing.lines,
  ];
  const rightLines = [
    ends([tab('Lesson', screen.tab === 'lesson')], [dim(text.position)], right),
    EMPTY,
    ...text.lines.map((one) => (one[0]?.text === '  ' ? one.slice(1) : one)),
  ];
  const both = beside(leftLines, rightLines, left, height);
  return threePanes(state)
    ? beside(both, objectPane(state, screen, lastWidth(state), height), left + 3 + right, height)
    : both;
}

const rowsTitle = ({failed, all, status}: ControlResult): string =>
  status === 'notEvaluated' ? 'Not evaluated' : failed > 0 ? `Failing ${failed}` : `Passing ${all}`;

function tabSpans(state: State, screen: ControlScreen, result: ControlResult): readonly Span[] {
  const tab = (name: string, chosen: boolean): Span => (chosen ? accent(`[${name}]`) : {text: name});
  const narrow = isNarrow(state);
  return [
    tab('Lesson', screen.tab === 'lesson'),
    {text: narrow ? '  ' : '   '},
    tab(rowsTitle(result), screen.tab === 'failing'),
  ];
}

function domainText(state: State, result: ControlResult): string {
  const lesson = state.lessons.get(result.entry.control.meta.practice);
  const domain = lesson && domainOf(lesson, outlineOf(state));
  return domain ? `CKS ${domain.number} ${domain.name}` : '';
}

function headLine(
  state: State,
  {entry, failed, excluded, all, compliance, status, attestation}: ControlResult,
): Line {
  const percent = `${Math.floor(compliance + 1e-9)}%`;
  const width = contentWidth(state);
  const numbers = twoPanes(state)
    ? `${failed} failed | ${excluded} excluded | ${all} in all | ${percent}`
    : `${failed} | ${excluded} | ${all} | ${percent}`;
  const right: readonly Span[] =
    status !== 'notEvaluated'
      ? [{text: numbers}]
      : attestation === undefined
        ? [warn(`${GLYPHS.unknown} not evaluated`)]
        : [{text: `${GLYPHS.same} attested, not evaluated`}];
  const domain = twoPanes(state) ? domainText(state, resultOf(state, entry.id)!) : '';
  return ends(line('  ', bold(entry.title)), line(domain !== '' && dim(`${domain}   `), ...right), width + 2);
}

type Content = {readonly position: string; readonly lines: readonly Line[]};

function lesson(
  state: State,
  screen: ControlScreen,
  result: ControlResult,
  width: number,
  height: number,
): Content {
  const found = state.lessons.get(result.entry.control.meta.practice);
  if (found === undefined)
    return {position: '', lines: [line('  ', dim('No lesson is written for this control yet.'))]};
  const all = lessonLines(found, width, outlineOf(state), result.entry.id);
  const room = all.length > height ? height - 1 : height;
  const top = Math.max(0, Math.min(screen.lessonTop, all.length - room));
  const shown = all.slice(top, top + room);
  const below = all.length - top - shown.length;
  return {
    position: all.length > height ? `${top + 1}-${top + shown.length} of ${all.length}` : '',
    lines: [
      ...shown.map((one) => line('  ', ...one)),
      ...(below > 0
        ? [line('  ', dim(`${GLYPHS.more} ${below} more ${below === 1 ? 'line' : 'lines'}`))]
        : []),
    ],
  };
}

/** Neither passed nor failed: why, and what would change it. */
function notEvaluated({reason, attestation}: ControlResult, width: number): readonly Line[] {
  const room = Math.min(width, PROSE);
  const unseen = attestation === undefined ? reason : reason?.replace(attestation, '').trim();
  return [
    ...wrap('Neither passed nor failed: the score leaves it out until it can be seen.', room),
    '',
    ...wrap(unseen ?? '', room),
    '',
    ...(attestation === undefined ? [] : [...wrap(`${GLYPHS.same} ${attestation}`, room), '']),
    ...wrap(
      'ctrl-r tries again once that has changed. The lesson tells how to look yourself; e attests what you found, with your name and an end.',
      room,
    ),
  ].map((text) => line('  ', text));
}
