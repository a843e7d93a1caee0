import {DOMAINS} from '../../../engine/curriculum.ts';
import {domainOfDrill} from '../../../learn/drill.ts';
import {scoreByDomain} from '../../../learn/exam.ts';
import {GLYPHS} from '../../glyphs.ts';
import {
  bad,
  bar,
  bold,
  cut,
  dim,
  EMPTY,
  ends,
  good,
  type Line,
  line,
  padEnd,
  padStart,
  select,
  wrap,
} from '../../layout.ts';
import {isNarrow} from '../../sizes.ts';
import {clockText} from '../select.ts';
import {drillOf, type ExamResultScreen, type State} from '../state.ts';
import {lostTasks} from '../update/move.ts';

/** The score, by domain, and where points were lost. */
export function examResultBody(state: State, screen: ExamResultScreen, height: number): readonly Line[] {
  const width = Math.min(100, state.columns - 4);
  const {result, before} = screen;
  const {passMark} = state.progress;
  const isPassed = result.score >= passMark;
  const said = isPassed
    ? good(`passed, the mark is ${passMark}`)
    : bad(`${passMark - result.score} short of the mark, ${passMark}`);
  const used = `${clockText(result.used)} of ${clockText(result.minutes * 60_000)} used`;
  const lost = lostTasks(screen);
  const domains = domainLines(state, screen, width, before !== undefined);
  const next = nextLines(state, screen, width);
  const room = Math.max(2, height - domains.length - 6 - next.length);
  const top = Math.max(0, Math.min(screen.cursor - room + 1, lost.length - room));
  return [
    line('  ', ...ends(line(bold(`${result.score} of 100`), '   ', said), [dim(used)], width)),
    EMPTY,
    ...domains,
    EMPTY,
    line('  ', lost.length === 0 ? 'No point was lost.' : bold('Where points were lost')),
    ...lost.slice(top, top + room).map(({task, number}, index) => {
      const chosen = top + index === screen.cursor;
      const drill = drillOf(state, task.drill);
      const failed = task.criteria.find(({passed}) => !passed);
      const text = drill?.criteria.find(({id}) => id === failed?.id)?.text ?? '';
      const title = Math.min(34, width - 24);
      const row = line(
        chosen ? GLYPHS.cursor : ' ',
        ' ',
        padEnd(String(number), 3),
        padEnd(cut(drill?.title ?? task.drill, title - 2), title),
        padEnd(`${rounded(task.earned)} of ${task.points}`, 11),
        cut(text, Math.max(0, width - title - 14)),
      );
      return chosen ? select(row, width + 2) : row;
    }),
    ...next,
  ];
}

/** What to study next: the domain that lost most, and the lesson of its task that lost most. */
function nextLines(state: State, screen: ExamResultScreen, width: number): readonly Line[] {
  const scores = scoreByDomain(screen.result, state.content.drills);
  const lostIn = ({id}: (typeof DOMAINS)[number]): number => {
    const score = scores.get(id);
    return score ? score.points - score.earned : 0;
  };
  const [worst] = [...DOMAINS].sort((a, b) => lostIn(b) - lostIn(a));
  if (worst === undefined || lostIn(worst) < 1e-9) return [];
  const task = lostTasks(screen).find(({task: {drill}}) => {
    const found = drillOf(state, drill);
    return found && domainOfDrill(found).id === worst.id;
  });
  const competency = task && drillOf(state, task.task.drill)?.competencies[0];
  const lesson = state.content.lessons.find(({competencies}) => competencies.includes(competency ?? ''));
  const read = lesson
    ? ` Read the lesson ${lesson.title}, then do task ${task?.number} again as a drill: n.`
    : '';
  return [
    EMPTY,
    ...wrap(`Study next: ${worst.name}, which lost most.${read}`, width).map((text) => line('  ', text)),
  ];
}

const rounded = (points: number): string => String(Math.floor(points * 10 + 1e-9) / 10);

function domainLines(
  state: State,
  {result, before}: ExamResultScreen,
  width: number,
  hasBefore: boolean,
): readonly Line[] {
  const scores = scoreByDomain(result, state.content.drills);
  const old = before && scoreByDomain(before, state.content.drills);
  const bars = !isNarrow(state);
  const name = width - 5 - 10 - (bars ? 12 : 0) - (hasBefore ? 9 : 0);
  return [
    line(
      '  ',
      dim(
        `${padEnd('Domain', name)}${padStart('Exam', 5)}${padStart('Points', 10)}${bars ? ' '.repeat(12) : ''}${hasBefore ? padStart('Before', 9) : ''}`,
      ),
    ),
    ...DOMAINS.map((domain) => {
      const score = scores.get(domain.id);
      const earlier = old?.get(domain.id);
      const percent = score ? (100 * score.earned) / score.points : 0;
      return line(
        '  ',
        padEnd(cut(`${domain.number} ${domain.name}`, name - 1), name),
        padStart(`${domain.weight.today}%`, 5),
        padStart(score ? `${rounded(score.earned)}/${score.points}` : '-', 10),
        bars && '  ',
        bars && (score ? bar(percent, 10) : ' '.repeat(10)),
        hasBefore && padStart(earlier ? `${Math.floor((100 * earlier.earned) / earlier.points)}%` : '-', 9),
      );
    }),
  ];
}
