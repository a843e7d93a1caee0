import {domainOf} from '../engine/curriculum.ts';
import {lessonLines} from './components/lesson.ts';
import {matches, parseFilter} from './filter.ts';
import {nextItems} from './next.ts';
import {changesRoom, controlRoom, previewRoom, walkRoom} from './rooms.ts';
import {previewScroll} from './screens/preview.ts';
import {textRows} from './screens/text.ts';
import {objectsOf, visibleRows} from './select.ts';
import {bodyHeight, rightPaneWidth, twoPanes} from './sizes.ts';
import type {Screen, State, WalkScreen} from './state.ts';

/** The first row of a window of `height` rows that shows `index` with two rows of context, moved as little as can be. */
export function windowTop(top: number, index: number, count: number, height: number): number {
  const margin = Math.min(2, Math.max(0, Math.floor((height - 1) / 2)));
  let first = top;
  if (index - margin < first) first = index - margin;
  if (index + margin > first + height - 1) first = index + margin - height + 1;
  return Math.max(0, Math.min(first, count - height));
}

/** Ids of the controls that the walk shows, in its order. */
export function visibleControls(state: State, screen: WalkScreen): readonly string[] {
  if (state.scan === undefined) return [];
  if (screen.filter === '' && screen.domain === undefined) return screen.order;
  const filter = parseFilter(screen.filter);
  const byId = new Map(state.scan.controls.map((control) => [control.entry.id, control]));
  return screen.order.filter((id) => {
    const result = byId.get(id);
    if (result === undefined) return false;
    const lesson = state.lessons.get(result.entry.control.meta.practice);
    const domain = lesson && domainOf(lesson, outlineOf(state))?.number;
    if (screen.domain !== undefined && domain !== screen.domain) return false;
    return matches(filter, {
      texts: [
        id,
        result.entry.title,
        lesson?.title ?? '',
        ...result.failures.map(({resource}) => resource.name),
      ],
      namespace: undefined,
      kind: undefined,
      failed: result.status === 'failed',
      domain,
      namespaces: new Set(result.failures.map(({resource}) => resource.namespace)),
      kinds: new Set(result.failures.map(({resource}) => resource.kind)),
    });
  });
}

/** The outline of the CKS that a framework is of the time of. */
export const outlineOf = (state: State): '2021' | 'today' =>
  state.frameworkId === 'nsa-2021' ? '2021' : 'today';

/** A list of a screen: how many rows, which one has the cursor, how many are seen at once. */
/** Rows of the start screen: the choices, another folder, and the study mode. */
export const startRows = ({choices, hasStudy}: Pick<State, 'choices' | 'hasStudy'>): number =>
  choices.length + (hasStudy ? 2 : 1);

export type ListState = {
  readonly count: number;
  readonly index: number;
  readonly height: number;
  readonly top: number;
};

/** The list that the cursor keys move in; undefined where they scroll text. */
export const listOf = (state: State): ListState | undefined =>
  state.screen.name === 'control' && state.screen.tab === 'lesson' ? undefined : anyListOf(state);

function anyListOf(state: State): ListState | undefined {
  const {screen} = state;
  switch (screen.name) {
    case 'start':
      return list(startRows(state), screen.cursor, state.rows, 0);
    case 'walk': {
      const ids = visibleControls(state, screen);
      return list(ids.length, ids.indexOf(screen.cursor ?? ''), walkRoom(state, ids.length), screen.top);
    }
    case 'control': {
      const rows = visibleRows(screen, state.details.get(screen.id));
      const index = rows.findIndex(({key}) => key === screen.cursor);
      return list(rows.length, index, controlRoom(state, rows.length), screen.top);
    }
    case 'preview': {
      if (screen.phase.is === 'questions') {
        return list(screen.phase.fields.length, screen.phase.cursor, screen.phase.fields.length, 0);
      }
      const {length} = objectsOf(screen);
      return length > 1 ? list(length, screen.cursor, previewRoom(state, length), screen.top) : undefined;
    }
    case 'changes':
      return list(state.entries.length, screen.cursor, changesRoom(state, state.entries.length), screen.top);
    case 'domains':
      return list(6, screen.cursor, 6, 0);
    case 'result': {
      const {length} = nextItems(state, screen.controlId);
      return list(length, screen.cursor, length, 0);
    }
    default:
      return undefined;
  }
}

const list = (count: number, index: number, height: number, top: number): ListState => ({
  count,
  index: Math.max(0, index),
  height: Math.max(1, height),
  top,
});

/** The screen with its cursor on a row. */
export function withIndex(state: State, index: number): Screen {
  const {screen} = state;
  switch (screen.name) {
    case 'walk':
      return {...screen, cursor: visibleControls(state, screen)[index]};
    case 'control':
      return {...screen, cursor: visibleRows(screen, state.details.get(screen.id))[index]?.key};
    case 'preview':
      return screen.phase.is === 'questions'
        ? {...screen, phase: {...screen.phase, cursor: index}}
        : {...screen, cursor: index, scroll: 0};
    case 'start':
    case 'changes':
    case 'domains':
    case 'result':
      return {...screen, cursor: index};
    default:
      return screen;
  }
}

/** The state with cursors on rows that are there, and windows that show them. */
export function settle(state: State): State {
  const found = anyListOf(state);
  if (found === undefined) return clampScroll(state);
  const {screen} = state;
  const index = Math.min(found.index, Math.max(0, found.count - 1));
  const top = windowTop(found.top, index, found.count, found.height);
  const at = withIndex(state, index);
  const next = 'top' in at && at.top !== top ? {...at, top} : at;
  return sameScreen(next, screen) ? clampScroll(state) : clampScroll({...state, screen: next});
}

const sameScreen = (a: Screen, b: Screen): boolean =>
  Object.entries(a).every(([key, value]) => (b as Record<string, unknown>)[key] === value);

/** No text is scrolled beyond its end. */
function clampScroll(state: State): State {
  const {screen} = state;
  if (screen.name === 'text') {
    const top = Math.max(0, Math.min(screen.top, textRows(state, screen).length - (bodyHeight(state) - 2)));
    return top === screen.top ? state : {...state, screen: {...screen, top}};
  }
  if (screen.name === 'preview') {
    const scroll = Math.min(screen.scroll, previewScroll(state, screen));
    return scroll === screen.scroll ? state : {...state, screen: {...screen, scroll}};
  }
  if (screen.name === 'control') {
    const result = state.scan?.controls.find(({entry}) => entry.id === screen.id);
    const lesson = result && state.lessons.get(result.entry.control.meta.practice);
    if (lesson === undefined) return state;
    const wide = twoPanes(state);
    const width = wide ? rightPaneWidth(state) : state.columns - 4;
    const height = bodyHeight(state) - (wide ? 4 : 3);
    const count = lessonLines(lesson, width, outlineOf(state), screen.id).length;
    const lessonTop = Math.max(0, Math.min(screen.lessonTop, count - height));
    return lessonTop === screen.lessonTop ? state : {...state, screen: {...screen, lessonTop}};
  }
  return state;
}
