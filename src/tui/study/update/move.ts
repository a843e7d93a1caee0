import type {Action} from '../keys.ts';
import {domainRows, homeItems, visibleDrills} from '../select.ts';
import type {Screen, State} from '../state.ts';

const steps: Readonly<Partial<Record<Action, (page: number) => number>>> = {
  up: () => -1,
  down: () => 1,
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
  'page-up': (page) => -Math.ceil(page / 2),
  'page-down': (page) => Math.ceil(page / 2),
};

export const listHeight = ({rows}: Pick<State, 'rows'>): number => Math.max(3, rows - 9);

/** The state with its cursor moved, or its text scrolled; undefined for keys that do neither. */
export function movedCursor(state: State, action: Action): State | undefined {
  const by = steps[action]?.(listHeight(state));
  if (by === undefined) return undefined;
  const screen = moved(state, state.screen, by);
  return screen === state.screen ? state : {...state, screen};
}

function moved(state: State, screen: Screen, by: number): Screen {
  switch (screen.name) {
    case 'home':
      return {...screen, cursor: within(screen.cursor + by, homeItems(state).length)};
    case 'list': {
      const {length} = visibleDrills(state, screen);
      const cursor = within(screen.cursor + by, length);
      return {...screen, cursor, top: windowTop(screen.top, cursor, length, listHeight(state))};
    }
    case 'domains': {
      const rows = domainRows(state);
      let cursor = within(screen.cursor + by, rows.length);
      const step = by < 0 ? -1 : 1;
      while (rows[cursor]?.is === 'head' && rows[cursor + step]) cursor += step;
      if (rows[cursor]?.is === 'head') cursor = screen.cursor;
      return {...screen, cursor, top: windowTop(screen.top, cursor, rows.length, listHeight(state))};
    }
    case 'exam-choice':
      return {...screen, cursor: within(screen.cursor + by, examLengths.length)};
    case 'exam':
      return {
        ...screen,
        cursor: within(screen.cursor + by, state.progress.exam?.tasks.length ?? 0),
        scroll: 0,
      };
    case 'exam-result':
      return {...screen, cursor: within(screen.cursor + by, lostTasks(screen).length)};
    case 'drill':
    case 'cards':
      return {...screen, scroll: scrolled(screen.scroll, by)};
    case 'text':
      return {...screen, top: scrolled(screen.top, by)};
    case 'welcome':
      return screen;
  }
}

// The frame knows how long the text is; beyond its end nothing scrolls further than a page.
const longest = 1000;
const scrolled = (top: number, by: number): number => Math.max(0, Math.min(longest, top + by));

export const within = (index: number, count: number): number => Math.max(0, Math.min(count - 1, index));

/** The first row of a window that shows `index` with two rows of context. */
export function windowTop(top: number, index: number, count: number, height: number): number {
  const first = Math.min(top, index - 2);
  const last = Math.max(first, index + 3 - height);
  return Math.max(0, Math.min(last, count - height));
}

/** Minutes of the exams that are offered: the real length first. */
export const examLengths = [120, 60, 30, 15] as const;

/** Tasks that lost points, the most lost first. */
export const lostTasks = ({result}: Extract<Screen, {name: 'exam-result'}>) =>
  result.tasks
    .map((task, index) => ({task, number: index + 1}))
    .filter(({task}) => task.earned < task.points - 1e-9)
    .sort((a, b) => b.task.points - b.task.earned - (a.task.points - a.task.earned));
