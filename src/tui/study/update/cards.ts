import {isRight} from '../../../learn/cards.ts';
import {withMemory} from '../../../learn/progress.ts';
import {type Remembered, review} from '../../../learn/schedule.ts';
import type {Action} from '../keys.ts';
import type {CardsScreen, State, Update} from '../state.ts';
import {back, placed} from './go.ts';

/** Keys of the cards; undefined for what is general. */
export function updateCards(
  state: State,
  screen: CardsScreen,
  action: Action,
  key: string,
): Update | undefined {
  const card = screen.queue[screen.index];
  if (action === 'back') return screen.placing ? placed(state) : undefined;
  if (screen.side === 'done' || card === undefined) {
    if (action !== 'enter') return undefined;
    return screen.placing ? placed(state) : back(state);
  }
  if (screen.side === 'front') {
    if (action === 'mark') {
      const index = key.toLowerCase().charCodeAt(0) - 97;
      if (index >= card.options.length) return [state];
      const isSingle = card.options.filter(({correct}) => correct).length === 1 && !card.generated;
      const marked = new Set(isSingle ? [] : screen.marked);
      if (screen.marked.has(index)) marked.delete(index);
      else marked.add(index);
      return [{...state, screen: {...screen, marked}}];
    }
    if (action !== 'enter') return undefined;
    const right = screen.right + (isRight(card, screen.marked) ? 1 : 0);
    return [{...state, screen: {...screen, side: 'back', right}}];
  }
  if (screen.placing && action === 'enter') {
    return graded(state, screen, isRight(card, screen.marked) ? 4 : 1);
  }
  if (action === 'grade') return graded(state, screen, Number(key) as Remembered);
  if (action !== 'enter') return undefined;
  return graded(state, screen, isRight(card, screen.marked) ? 3 : 1);
}

function graded(state: State, screen: CardsScreen, remembered: Remembered): Update {
  const card = screen.queue[screen.index]!;
  const now = new Date(state.now);
  const memory = review(state.progress.cards[card.id], remembered, now);
  const progress = withMemory(state.progress, card.id, memory, now);
  // What was not remembered comes once more before the end.
  const queue = remembered === 1 && !screen.placing ? [...screen.queue, card] : screen.queue;
  const index = screen.index + 1;
  const next: CardsScreen = {
    ...screen,
    queue,
    index,
    marked: new Set(),
    side: index < queue.length ? 'front' : 'done',
    scroll: 0,
  };
  return [
    {...state, progress, screen: next},
    {do: 'save', progress},
  ];
}
