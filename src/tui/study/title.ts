import {GLYPHS} from '../glyphs.ts';
import {accent, bold, dim, EMPTY, ends, type Line, line, lineWidth, warn} from '../layout.ts';
import {clockText, expected} from './select.ts';
import type {DrillScreen, State} from './state.ts';

const met = ({results}: DrillScreen): number => (results ?? []).filter(({passed}) => passed).length;

/** Row 1: where you are at the left; what counts on this screen at the right. */
export function titleLine(state: State): Line {
  const width = state.columns - 4;
  const crumbs = crumbsOf(state);
  const right = rightOf(state);
  const long = left(true, crumbs);
  const shown = lineWidth(long) + lineWidth(right) + 2 <= width ? long : left(false, crumbs);
  return line('  ', ...ends(shown, right, width));
}

const left = (app: boolean, crumbs: readonly string[]): Line =>
  line(
    app && bold('kubekata'),
    app && '  ',
    ...crumbs.flatMap((crumb, index) => [index > 0 && dim(` ${GLYPHS.cursor} `), crumb]),
  );

function crumbsOf(state: State): readonly string[] {
  const {screen} = state;
  const {drills} = state.content;
  switch (screen.name) {
    case 'welcome':
    case 'home':
      return ['Study'];
    case 'list':
      return ['Study', 'Drills'];
    case 'drill':
      return ['Study', `Drill ${drills.findIndex(({id}) => id === screen.drill) + 1} of ${drills.length}`];
    case 'cards':
      return ['Study', screen.placing ? 'Six questions' : 'Cards'];
    case 'exam-choice':
    case 'exam':
      return ['Study', 'Exam'];
    case 'exam-result':
      return ['Study', 'Exam result'];
    case 'domains':
      return ['Study', state.outline === 'today' ? 'Domains' : 'Domains of 2021'];
    case 'text':
      return ['Study', screen.title];
  }
}

function rightOf(state: State): Line {
  const {screen, progress} = state;
  switch (screen.name) {
    case 'home':
    case 'list':
    case 'domains':
    case 'welcome': {
      const days = daysText(state);
      return line(days && dim(days), days && '    ', bold(`${expected(state)} of ${progress.passMark}`));
    }
    case 'drill': {
      const time = (screen.solvedAt ?? state.now) - screen.startedAt;
      return line(
        state.cluster.is === 'open' && placeName(state.cluster),
        screen.results !== undefined && `    ${met(screen)} of ${screen.results.length}`,
        screen.phase === 'working' && screen.clock && bold(`    ${clockText(time)}`),
      );
    }
    case 'cards':
      return screen.side === 'done' ? EMPTY : [bold(`${screen.index + 1} of ${screen.queue.length}`)];
    case 'exam':
    case 'text':
      return progress.exam && (screen.name === 'exam' || state.below.at(-1)?.name === 'exam')
        ? [bold(`${clockText(progress.exam.left)} left`)]
        : EMPTY;
    case 'exam-result':
      return [bold(String(screen.result.score))];
    default:
      return EMPTY;
  }
}

const placeName = ({name, isPractice}: {readonly name: string; readonly isPractice: boolean}) =>
  isPractice ? name : line(name, ' (', warn('LIVE'), ')');

function daysText({progress, now}: State): string {
  if (progress.examDate === null) return '';
  const [year = 0, month = 1, day = 1] = progress.examDate.split('-').map(Number);
  const today = new Date(now);
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  const days = Math.round((new Date(year, month - 1, day).getTime() - midnight) / 86_400_000);
  if (days < 0) return '';
  return days === 0 ? 'exam today' : days === 1 ? 'exam tomorrow' : `exam in ${days} days`;
}

/** Row 2: the expected score with the pass mark, criteria met, time left, or how far the cards are. */
export function progressLine(state: State): Line {
  const {screen, progress} = state;
  switch (screen.name) {
    case 'drill':
      return cells(state, screen.results ? met(screen) / screen.results.length : 0);
    case 'cards':
      return cells(state, screen.queue.length === 0 ? 0 : screen.index / screen.queue.length);
    case 'exam':
      return cells(state, progress.exam ? progress.exam.left / (progress.exam.minutes * 60_000) : 0);
    case 'exam-result':
      return cells(state, screen.result.score / 100, progress.passMark / 100);
    case 'text':
      return EMPTY;
    default:
      return cells(state, expected(state) / 100, progress.passMark / 100);
  }
}

function cells({columns}: State, share: number, mark?: number): Line {
  const width = columns - 4;
  const heavy =
    share <= 0 ? 0 : share >= 1 ? width : Math.min(width - 1, Math.max(1, Math.floor(width * share)));
  const full = accent(GLYPHS.heavy.repeat(heavy));
  const rest = dim(GLYPHS.light.repeat(width - heavy));
  if (mark === undefined) return line('  ', full, rest);
  const at = Math.min(width - 1, Math.floor(width * mark));
  const glyph = bold(GLYPHS.passMark);
  return at < heavy
    ? line('  ', accent(full.text.slice(0, at)), glyph, accent(full.text.slice(at + 1)), rest)
    : line('  ', full, dim(rest.text.slice(0, at - heavy)), glyph, dim(rest.text.slice(at - heavy + 1)));
}
