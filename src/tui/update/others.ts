import type {Update} from '../events.ts';
import type {Action} from '../keys.ts';
import {nextItems} from '../next.ts';
import type {
  ApplyingScreen,
  DomainsScreen,
  ResultScreen,
  StartScreen,
  State,
  TextScreen,
  TroubleScreen,
} from '../state.ts';
import {openChanges} from './changes.ts';
import {openPreview} from './control.ts';
import {back, backToWalk, nextControl, openControl} from './go.ts';

/** Keys of the start screen. */
export function updateStart(state: State, screen: StartScreen, action: Action): Update {
  if (action !== 'enter') return [state];
  if (screen.cursor > state.choices.length) return [state, {do: 'study'}];
  const choice = state.choices[screen.cursor];
  if (choice === undefined) return [{...state, overlay: {name: 'folder', text: ''}}];
  return connect(state, choice);
}

export const connect = (state: State, choice: State['choices'][number]): Update => [
  {
    ...state,
    below: [state.screen],
    screen: {name: 'connecting', choice},
    overlay: undefined,
    message: undefined,
  },
  {do: 'connect', choice},
];

/** Keys of a target that could not be read. */
export function updateTrouble(state: State, screen: TroubleScreen, action: Action): Update {
  if (action === 'rescan') {
    return [
      {...state, screen: {name: 'connecting', choice: screen.choice}},
      {do: 'connect', choice: screen.choice},
    ];
  }
  return action !== 'back' ? [state] : state.below.length > 0 ? back(state) : [state, {do: 'quit'}];
}

/** Keys while a change is written and its workloads are watched. */
export function updateApplying(state: State, screen: ApplyingScreen, action: Action): Update {
  if (screen.phase === 'writing') return [state];
  if (action === 'back') return state.alarm ? [backToWalk(state)] : [backToWalk(state), {do: 'unwatch'}];
  if (action === 'changes') {
    const [next, ...commands] = openChanges(backToWalk(state));
    return [next, ...commands];
  }
  return [state];
}

/** Keys of the result. */
export function updateResult(state: State, screen: ResultScreen, action: Action): Update {
  switch (action) {
    case 'enter': {
      const item = nextItems(state, screen.controlId)[screen.cursor];
      if (item?.fix !== undefined) {
        return openPreview(backToWalk(state), item.id, item.fix.approach, [item.fix.fix]);
      }
      return item ? [openControl(backToWalk(state), item.id)] : [state];
    }
    case 'next':
      return nextControl(state);
    case 'back':
      return [backToWalk(state)];
    default:
      return [state];
  }
}

/** Keys of the domains. */
export function updateDomains(state: State, screen: DomainsScreen, action: Action): Update {
  if (action === 'outline') {
    return [{...state, screen: {...screen, outline: screen.outline === 'today' ? '2021' : 'today'}}];
  }
  if (action === 'enter') {
    const walk = backToWalk(state);
    return walk.screen.name === 'walk'
      ? [{...walk, screen: {...walk.screen, domain: screen.cursor + 1, cursor: undefined, top: 0}}]
      : [walk];
  }
  return action === 'back' ? back(state) : [state];
}

/** Text scrolls; nothing else. */
export const updateText = (state: State, screen: TextScreen, action: Action): Update => {
  if (action === 'patch' && screen.role !== undefined) {
    return [state, {do: 'write-role', purpose: screen.role}];
  }
  return action === 'back' || action === 'enter' ? back(state) : [state];
};
