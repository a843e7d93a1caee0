import {describe} from '../../engine/objects.ts';
import {formatScore} from '../../engine/score.ts';
import {plainText} from '../../engine/text.ts';
import type {JournalEntry, JournalStep} from '../../fix/plan.ts';
import {pluralOf} from '../../target/live/resources.ts';
import {changeText} from '../components/title-bar.ts';
import {GLYPHS} from '../glyphs.ts';
import {
  accent,
  bad,
  bar,
  beside,
  bold,
  cutLine,
  dim,
  EMPTY,
  good,
  type Line,
  line,
  padEnd,
  padStart,
  plural,
  select,
  wrap,
} from '../layout.ts';
import {nextItems} from '../next.ts';
import {resultOf} from '../select.ts';
import {contentWidth, isNarrow, leftPaneWidth, PROSE, rightPaneWidth, twoPanes} from '../sizes.ts';
import type {ResultScreen, State, Tally} from '../state.ts';
import {domainRows} from './domains.ts';

/** The reward, and what next. */
export function resultBody(state: State, screen: ResultScreen, height: number): readonly Line[] {
  if (!twoPanes(state)) return summary(state, screen, contentWidth(state));
  const left = Math.max(leftPaneWidth(state), 70);
  const width = Math.min(rightPaneWidth(state), state.columns - left - 7);
  const right = [line(bold('CKS domains now')), ...domainRows(state, width)];
  return beside(summary(state, screen, left - 3), right, left, height);
}

function summary(state: State, screen: ResultScreen, width: number): readonly Line[] {
  const now = resultOf(state, screen.controlId);
  const {scan} = state;
  if (now === undefined || scan === undefined) return [];
  const {scoring} = scan.framework;
  const score = (value: number | undefined): string => formatScore(scoring, value);
  const change = changeText(scoring, screen.scoreBefore, scan.score);
  const changed = change.startsWith('-') ? bad(change) : good(change);
  return [
    line(
      '  ',
      bold(`${score(screen.scoreBefore)} ${GLYPHS.arrow} ${score(scan.score)}`),
      change !== '' && '   ',
      changed,
    ),
    EMPTY,
    line('  ', bold(now.entry.title)),
    ...table(state, screen.before, now, width),
    EMPTY,
    ...resultSentences(state, screen).flatMap((text) =>
      wrap(text, Math.min(width, PROSE)).map((part) => line('  ', part)),
    ),
    EMPTY,
    line('  ', bold('What next')),
    ...nextLines(state, screen, width),
  ];
}

function table(state: State, before: Tally, now: Tally, width: number): readonly Line[] {
  const percent = ({all, failed}: Tally): number => (all === 0 ? 100 : (100 * (all - failed)) / all);
  const text = (tally: Tally): string => `${Math.floor(percent(tally) + 1e-9)}%`;
  const cells = Math.min(20, width - 45);
  if (isNarrow(state)) {
    const row = (label: string, tally: Tally): Line =>
      line('  ', dim(padEnd(label, 8)), `${tally.failed} of ${tally.all} fail, ${text(tally)}`);
    return [row('before', before), row('now', now)];
  }
  const row = (label: string, tally: Tally): Line =>
    line(
      '  ',
      dim(padEnd(label, 9)),
      padStart(String(tally.failed), 8),
      padStart(String(tally.excluded), 11),
      padStart(String(tally.all), 6),
      padStart(text(tally), 8),
      '   ',
      bar(percent(tally), cells),
    );
  return [
    line('  ', dim(`${' '.repeat(11)}Failed   Excluded   All   Score`)),
    row('before', before),
    row('now', now),
  ];
}

/** What was done, and what is left. */
export function resultSentences(state: State, screen: ResultScreen): readonly string[] {
  const {entry, guard} = screen;
  const done = entry.steps.filter(({state: one}) => one === 'done' || one === 'written');
  const leftOut = entry.steps.filter(({needs}) => needs !== undefined);
  const refused = entry.steps.length - done.length - leftOut.length;
  const created = done.filter(({item}) => item.before === undefined).length;
  const kinds = new Set(done.map(({item}) => item.ref.kind));
  const noun = kinds.size === 1 ? [...kinds][0]! : 'object';
  const what = created === done.length && created > 0 ? 'created' : 'changed';
  const nodes = new Set(done.flatMap(({item: {step}}) => (step.do === 'file' ? [step.node] : [])));
  const restarted =
    nodes.size > 0
      ? `what reads them on ${[...nodes].join(', ')} started anew`
      : guard.length === 0
        ? 'nothing restarted'
        : `${plural(guard.length, 'workload')} restarted`;
  const verb = done.length < 2 ? 'was' : 'were';
  const count = done.length === 0 ? 'Nothing' : plural(done.length, noun, pluralOf(noun));
  const first = `${count} ${verb} ${what}, ${refused === 0 ? 'none' : refused} refused, ${leftOut.length === 0 ? '' : `${leftOut.length} left out, `}${restarted}: change ${entry.number}.`;
  if (state.entries.some(({number, state: one}) => number === entry.number && one === 'undone')) {
    return [`Change ${entry.number} was taken back: everything is as it was before.`];
  }
  const now = resultOf(state, screen.controlId);
  const left = now?.failed ?? 0;
  const spaces = new Map<string, number>();
  for (const {resource} of now?.failures ?? []) {
    spaces.set(resource.namespace, (spaces.get(resource.namespace) ?? 0) + 1);
  }
  const [most] = [...spaces].sort((a, b) => b[1] - a[1]);
  const where = most?.[0] && spaces.size > 1 ? `: ${most[1]} of them in ${most[0]}` : '';
  const second =
    left === 0 ? 'None fails any more.' : `${left} still ${left === 1 ? 'fails' : 'fail'}${where}.`;
  return [first, ...notWritten(entry), second, ...others(state, screen), ...differs(state, screen)];
}

const mostRefused = 3;

/** What was refused, and what was left out since it needs that: by name, with the reason. */
function notWritten({number, steps}: JournalEntry): readonly string[] {
  const refused = steps.filter(({state}) => state === 'refused');
  const more = refused.length - mostRefused;
  return [
    ...refused.slice(0, mostRefused).map(refusalText),
    ...(more > 0
      ? [
          `${plural(more, 'more was', 'more were')} refused: u lists the changes, enter on change ${number} tells all.`,
        ]
      : []),
  ];
}

const refusalText = ({item: {ref}, needs, reason}: JournalStep): string =>
  needs
    ? `${describe(ref)} was left out: it needs ${describe(needs)}, which was refused.`
    : `${describe(ref)} was refused: ${plainText(reason ?? 'the server gave no reason.')}`;

const mostOthers = 6;

/** What the change did to other controls. */
function others(state: State, {forecast}: ResultScreen): readonly string[] {
  const moved = (forecast?.others ?? []).flatMap(({id, before}) => {
    const now = resultOf(state, id)?.failed;
    return now === undefined || now === before ? [] : [`${id} ${before} ${GLYPHS.arrow} ${now}`];
  });
  const more = moved.length - mostOthers;
  const rest = more > 0 ? `, and ${plural(more, 'control')} more` : '';
  return moved.length === 0 ? [] : [`Failing besides: ${moved.slice(0, mostOthers).join(', ')}${rest}.`];
}

/** Why the result is another one than the preview foretold; nothing where it is the same. */
function differs(state: State, {forecast, controlId}: ResultScreen): readonly string[] {
  const now = resultOf(state, controlId);
  if (forecast === undefined || now === undefined || now.failed === forecast.failedAfter) return [];
  return [
    `The preview foretold ${forecast.failedAfter} failing: meanwhile other objects changed, or were refused.`,
  ];
}

function nextLines(state: State, screen: ResultScreen, width: number): readonly Line[] {
  const items = nextItems(state, screen.controlId);
  if (items.length === 0) return [line('  No other control fails.')];
  return items.map((item, index) => {
    const chosen = index === screen.cursor;
    const why = item.why;
    const title = Math.max(12, width - 10 - 2 - Math.min(26, why.length));
    const row = cutLine(
      line(
        chosen ? accent(GLYPHS.cursor) : ' ',
        ' ',
        {text: padEnd(item.id, 10), ...(chosen ? {bold: true} : {})},
        {text: padEnd(item.title, title), ...(chosen ? {bold: true} : {})},
        '  ',
        dim(why),
      ),
      width + 2,
    );
    return chosen ? select(row, width + 2) : row;
  });
}
