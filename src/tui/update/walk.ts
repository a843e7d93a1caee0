import type {Update} from '../events.ts';
import type {Action} from '../keys.ts';
import {currentDetail} from '../select.ts';
import type {State, WalkScreen} from '../state.ts';
import {denialOf, openPreview} from './control.ts';
import {nextControl, openControl, push, say, sortWalk} from './go.ts';

/** Keys of the walk. */
export function updateWalk(state: State, screen: WalkScreen, action: Action): Update {
  switch (action) {
    case 'enter':
      return screen.cursor === undefined ? [state] : [openControl(state, screen.cursor)];
    case 'next':
      return nextControl(state);
    case 'fix':
      return fixSafe(state, screen);
    case 'order': {
      const by = screen.by === 'score' ? 'gain' : 'score';
      const next = sortWalk(state, {...screen, by});
      return by === 'gain' ? [next, {do: 'gains'}] : [next];
    }
    case 'domains':
      return [
        push(state, {
          name: 'domains',
          cursor: 0,
          outline: state.frameworkId === 'nsa-2021' ? '2021' : 'today',
        }),
        {do: 'lessons'},
      ];
    case 'framework': {
      const index = state.frameworks.findIndex(({id}) => id === state.frameworkId);
      const next = state.frameworks[(index + 1) % state.frameworks.length];
      return next ? switchFramework(state, next.id) : [state];
    }
    case 'back':
      if (screen.filter !== '' || screen.domain !== undefined) {
        return [{...state, screen: {...screen, filter: '', domain: undefined}}];
      }
      return state.below.length > 0
        ? [
            {...state, below: [], screen: state.below[0]!, connection: undefined, scan: undefined},
            {do: 'disconnect'},
          ]
        : [state];
    default:
      return [state];
  }
}

/** `a` on the walk: the recommended fix for what is safe, else the control with its choices. */
function fixSafe(state: State, screen: WalkScreen): Update {
  const detail = currentDetail(state);
  const id = screen.cursor;
  if (detail === undefined || id === undefined) return [state];
  const approach = detail.approaches.find(({safe}) => safe.size > 0);
  const opened = openControl(state, id);
  if (approach !== undefined) {
    const fixes = approach.fixes.filter(({fix}) => fix.kind === 'automatic').map(({fix}) => fix);
    const denied = denialOf(state, fixes);
    return denied === undefined
      ? openPreview(opened, id, approach.name, fixes)
      : [say(opened, 'failed', denied)];
  }
  if (opened.screen.name !== 'control') return [opened];
  const shown: State = {...opened, screen: {...opened.screen, tab: 'failing'}};
  return [
    say(
      shown,
      'look',
      'No fix of this control is automatic. Mark objects, choose a fix, then a previews it.',
    ),
  ];
}

export function switchFramework(state: State, id: string): Update {
  if (id === state.frameworkId) return [state];
  const title = state.frameworks.find((one) => one.id === id)?.title ?? id;
  const next = say({...state, frameworkId: id, gainedFrom: undefined}, 'same', `Framework ${id}: ${title}.`);
  return [next, {do: 'framework', id}];
}
