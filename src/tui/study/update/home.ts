import {withLesson} from '../../../learn/progress.ts';
import type {Action} from '../keys.ts';
import {domainRows, homeItems, placementCards, today, visibleDrills} from '../select.ts';
import type {State, Update} from '../state.ts';
import {cardsScreen, go, openDrill, openExam, placed, push, withMessage} from './go.ts';

/** Keys of the home, the first visit, the list of drills and the domains; undefined for what is general. */
export function updateHome(state: State, action: Action): Update | undefined {
  const {screen} = state;
  if (screen.name === 'domains' && (action === 'list' || action === 'cards')) {
    return ofCompetency(state, screen.cursor, action);
  }
  if (action !== 'enter') return undefined;
  switch (screen.name) {
    case 'welcome': {
      const cards = placementCards(state);
      if (cards.length === 0) return placed(state);
      return [{...state, screen: cardsScreen(cards, true), below: [{name: 'home', cursor: 0}]}];
    }
    case 'home':
      return begin(state, screen.cursor);
    case 'list': {
      const drill = visibleDrills(state, screen)[screen.cursor];
      return drill ? openDrill(state, drill.id) : [state];
    }
    case 'domains':
      return readLesson(state, screen.cursor);
    default:
      return undefined;
  }
}

function begin(state: State, cursor: number): Update {
  switch (homeItems(state)[cursor]) {
    case 'exam':
      return openExam(state);
    case 'cards':
      return go(state, 'cards');
    case 'drill': {
      const {drill} = today(state);
      return drill ? openDrill(state, drill.id) : [state];
    }
    case 'control':
      if (state.cluster.is === 'open' && state.suggestion) return [state, {do: 'walk'}];
      return [withMessage(state, 'look', 'The cluster is still being read. Cards need no cluster: c.')];
    default:
      return [state];
  }
}

/** The drills of the row's competency, or all of its cards: those that are due first come first. */
function ofCompetency(state: State, cursor: number, what: 'list' | 'cards'): Update {
  const row = domainRows(state)[cursor];
  if (row?.is !== 'competency') return [state];
  if (what === 'list') return [push(state, {name: 'list', cursor: 0, top: 0, filter: row.id})];
  const due = ({id}: {readonly id: string}) => state.progress.cards[id]?.due ?? '';
  const cards = state.content.cards
    .filter(({competency}) => competency === row.id)
    .toSorted((a, b) => due(a).localeCompare(due(b)));
  return cards.length === 0 ? [state] : [push(state, cardsScreen(cards, false))];
}

/** Opens a lesson of the row that was not read yet, else its first one. */
function readLesson(state: State, cursor: number): Update {
  const row = domainRows(state)[cursor];
  if (row?.is !== 'competency') return [state];
  const id = row.lessons.find((one) => !state.progress.lessons[one]) ?? row.lessons[0];
  const lesson = id === undefined ? undefined : state.lessons.get(id);
  if (lesson === undefined) {
    return [withMessage(state, 'look', 'No lesson belongs to it. Its drills and cards do: l, c.')];
  }
  const progress = withLesson(state.progress, lesson.id, new Date(state.now));
  return [
    push({...state, progress}, {name: 'text', title: lesson.title, lesson, lines: [], top: 0}),
    {do: 'save', progress},
  ];
}
