import {domainOfDrill} from '../../../learn/drill.ts';
import {recentDays} from '../../../learn/progress.ts';
import {GLYPHS} from '../../glyphs.ts';
import {
  bar,
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
import {isNarrow, PROSE, twoPanes} from '../../sizes.ts';
import {clockText, expected, type HomeItem, homeItems, knowledge, today} from '../select.ts';
import type {HomeScreen, State} from '../state.ts';
import {markdownLines} from './markdown.ts';

/** Today's fifteen minutes, and the map of what is known. */
export function homeBody(state: State, screen: HomeScreen, height: number): readonly Line[] {
  const wide = twoPanes(state);
  const width = wide ? 76 : state.columns - 4;
  const items = homeItems(state);
  const left = [
    line('  ', bold('Today'), `, about ${todayMinutes(state)} minutes`),
    ...items.map((item, index) => {
      const row = itemRow(state, item, index === screen.cursor, width);
      return index === screen.cursor ? select(row, width + 2) : row;
    }),
    EMPTY,
    ...mapLines(state, width),
    EMPTY,
    ...sentences(state, width).map((text) => line('  ', text)),
  ];
  if (!wide) return left;
  return beside(
    left,
    detailLines(state, items[screen.cursor], Math.min(PROSE, state.columns - 84)),
    79,
    height,
  );
}

const cardMinutes = (count: number): number => Math.max(count === 0 ? 0 : 1, Math.round(count / 3));
const controlMinutes = 5;

const todayMinutes = (state: State): number => {
  const {cards, drill} = today(state);
  return cardMinutes(cards.length) + (drill?.minutes ?? 0) + controlMinutes;
};

function itemRow(state: State, item: HomeItem, chosen: boolean, width: number): Line {
  const {cards, drill, cardsDone, drillDone} = today(state);
  const narrow = width < 70;
  const row = (name: string, text: string, right: string, minutes: number, done = false): Line => {
    const time = minutes > 0 ? padStart(`${minutes} min`, 8) : '        ';
    const room = width - 10 - 8 - (narrow ? 0 : 26);
    return line(
      chosen ? GLYPHS.cursor : ' ',
      ' ',
      {text: padEnd(name, 10), ...(chosen ? {bold: true} : {})},
      padEnd(cut(`${done ? `${GLYPHS.passed} ` : ''}${text}`, room - 1), room),
      !narrow && padEnd(cut(right, 25), 26),
      time,
    );
  };
  switch (item) {
    case 'exam': {
      const left = clockText(state.progress.exam?.left ?? 0);
      return row('Exam', `Continue the exam, ${left} left?`, '', 0);
    }
    case 'cards': {
      if (cards.length > 0) return row('Cards', `${cards.length} due`, '', cardMinutes(cards.length));
      return row('Cards', cardsDone ? 'done for today' : 'none is due', '', 0, cardsDone);
    }
    case 'drill': {
      if (drill === undefined) return row('Drill', 'none', '', 0);
      const {number, name} = domainOfDrill(drill);
      return row('Drill', drill.title, `${number} ${name}`, drill.minutes, drillDone);
    }
    case 'control': {
      const {suggestion, cluster} = state;
      if (cluster.is === 'failed') return row('Control', 'the cluster could not be opened', '', 0);
      const where =
        cluster.is === 'open' && !cluster.isPractice ? `on ${cluster.name}` : 'on the practice cluster';
      if (suggestion === undefined) {
        return row(
          'Control',
          cluster.is === 'open' ? 'every control passes, or is read' : 'reading the cluster',
          '',
          0,
        );
      }
      return row('Control', `${suggestion.id} ${where}`, `${suggestion.failing} failing`, controlMinutes);
    }
  }
}

function mapLines(state: State, width: number): readonly Line[] {
  const bars = !isNarrow(state);
  const right = bars ? 32 : 22;
  const head = `${padEnd('What you know', width - right)}${padStart('Exam', 4)}${padStart('Known', bars ? 19 : 8)}${padStart('Drills', bars ? 9 : 10)}`;
  return [
    line('  ', dim(head)),
    ...knowledge(state).map(({domain, known, drills, solved}) => {
      const percent = Math.floor(known * 100 + 1e-9);
      return line(
        '  ',
        padEnd(cut(`${domain.number} ${domain.name}`, width - right - 1), width - right),
        padStart(`${domain.weight[state.outline]}%`, 4),
        bars && '  ',
        bars && bar(percent, 10),
        padStart(`${percent}%`, bars ? 7 : 8),
        padStart(`${solved}/${drills}`, bars ? 9 : 10),
      );
    }),
  ];
}

function sentences(state: State, width: number): readonly string[] {
  const {progress, now} = state;
  const days = recentDays(progress, new Date(now));
  const practised = days > 0 ? `Practised on ${days} of the last 14 days. ` : '';
  const {cards, cardsDone, drillDone} = today(state);
  if (cards.length === 0 && cardsDone && drillDone) {
    return wrap(`${practised}Done for today. The next cards are due tomorrow.`, width);
  }
  const score = `An exam now would give about ${expected(state)} of 100.`;
  const mark = `${progress.passMark} passes: the mark on the line at the top.`;
  const date = progress.examDate === null ? 'No exam date is set: type :exam 2027-01-16.' : '';
  return [...wrap(`${practised}${score}`, width), ...wrap(mark, width), ...wrap(date, width)];
}

/** What the cursor's row is about, for the right pane. */
function detailLines(state: State, item: HomeItem | undefined, width: number): readonly Line[] {
  const {drill, cards} = today(state);
  const prose = (text: string) => wrap(text, width).map((part) => line(part));
  switch (item) {
    case 'drill':
      if (drill === undefined) return [];
      return [
        line(bold(drill.title)),
        line(dim(`${drill.difficulty}, ${drill.minutes} min`)),
        EMPTY,
        ...markdownLines(drill.task, width),
      ];
    case 'cards':
      return [
        line(bold('Cards')),
        EMPTY,
        ...prose(
          cards.length > 0
            ? `${cards.length} questions: those that you are about to forget first, then new ones from what you know least. Some are about the objects of this cluster.`
            : 'No card is due now.',
        ),
      ];
    case 'control':
      return [
        line(bold(state.suggestion ? `${state.suggestion.id} ${state.suggestion.title}` : 'Control')),
        EMPTY,
        ...prose(
          'Opens the walk: the lesson, what fails on the cluster, and the fix with its preview. Leave it with q.',
        ),
      ];
    default:
      return [
        line(bold('Exam')),
        EMPTY,
        ...prose('It waits where you left it. The clock stands still until you go on.'),
      ];
  }
}
