import {type Drill, domainOfDrill} from '../../../learn/drill.ts';
import {isSolved} from '../../../learn/knowledge.ts';
import {GLYPHS} from '../../glyphs.ts';
import {
  beside,
  bold,
  cut,
  dim,
  EMPTY,
  good,
  type Line,
  line,
  padEnd,
  padStart,
  select,
} from '../../layout.ts';
import {PROSE, twoPanes} from '../../sizes.ts';
import {visibleDrills} from '../select.ts';
import type {ListScreen, State} from '../state.ts';
import {windowTop} from '../update/move.ts';
import {markdownLines} from './markdown.ts';

/** All drills, those that were solved with their mark. */
export function listBody(state: State, screen: ListScreen, height: number): readonly Line[] {
  const drills = visibleDrills(state, screen);
  const wide = twoPanes(state);
  const width = wide ? 76 : state.columns - 4;
  const strip = wide || height < 18 ? 0 : 5;
  const room = Math.max(3, height - 2 - strip);
  const shownRoom = drills.length > room ? room - 1 : room;
  const top = windowTop(screen.top, screen.cursor, drills.length, shownRoom);
  const shown = drills.slice(top, top + shownRoom);
  const head = `  ${padEnd('Drill', width - 36)}${padEnd('Domain', 8)}${padEnd('Level', 9)}${padStart('Time', 8)}${padStart('Best', 9)}`;
  const left = [
    line('  ', dim(head)),
    ...shown.map((drill, index) => {
      const chosen = top + index === screen.cursor;
      const row = drillRow(state, drill, chosen, width);
      return chosen ? select(row, width + 2) : row;
    }),
    ...(drills.length === 0 ? [line('  No drill has these words. esc clears the filter.')] : []),
    ...(drills.length > top + shown.length
      ? [line(`  ${GLYPHS.more} ${drills.length - top - shown.length} more`)]
      : []),
  ];
  const chosen = drills[screen.cursor];
  const task = (columns: number) =>
    chosen ? [line(bold(chosen.title)), EMPTY, ...markdownLines(chosen.task, columns)] : [];
  if (wide) return beside(left, task(Math.min(PROSE, state.columns - 84)), 79, height);
  if (strip === 0 || chosen === undefined) return left;
  const text = markdownLines(chosen.task, Math.min(PROSE, width));
  return [...left, EMPTY, ...text.slice(0, strip - 1).map((part) => line('  ', ...part))];
}

function drillRow(state: State, drill: Drill, chosen: boolean, width: number): Line {
  const attempts = state.progress.drills[drill.id];
  const solved = isSolved(attempts);
  const best = Math.max(0, ...(attempts ?? []).map(({met, of}) => (of === 0 ? 0 : met / of)));
  const text = solved ? 'solved' : attempts ? `${Math.floor(best * 100)}%` : '';
  const nodes = drill.onNodes ? ' (nodes)' : '';
  return line(
    chosen ? GLYPHS.cursor : ' ',
    ' ',
    solved ? good(GLYPHS.passed) : ' ',
    ' ',
    {text: padEnd(cut(`${drill.title}${nodes}`, width - 37), width - 36), ...(chosen ? {bold: true} : {})},
    padEnd(String(domainOfDrill(drill).number), 8),
    padEnd(drill.difficulty, 9),
    padStart(`${drill.minutes} min`, 8),
    padStart(text, 9),
  );
}
