import type {Action} from '../keys.ts';
import {type DrillScreen, drillOf, type State, type Update} from '../state.ts';
import {back, drillScreen, openDrill, withMessage} from './go.ts';

/** Keys of a drill; undefined for what is general. */
export function updateDrill(state: State, screen: DrillScreen, action: Action): Update | undefined {
  const drill = drillOf(state, screen.drill);
  if (drill === undefined) return undefined;
  const show = (change: Partial<DrillScreen>): Update => [{...state, screen: {...screen, ...change}}];
  switch (action) {
    case 'back':
      return screen.solution === undefined ? undefined : show({solution: undefined, scroll: 0});
    case 'shell':
      return [state, {do: 'shell', drill: drill.id}];
    case 'hint': {
      if (screen.hints < drill.hints.length) return show({hints: screen.hints + 1, tab: 'task'});
      return [withMessage(state, 'look', 'That was the last hint. v shows the solution.')];
    }
    case 'solution':
      if (screen.solution !== undefined) return show({solution: undefined, scroll: 0});
      if (screen.shown || screen.solvedAt !== undefined) return [state, {do: 'solution', drill: drill.id}];
      return [
        {
          ...state,
          overlay: {
            name: 'confirm',
            of: 'solution',
            question: 'Show the solution? The drill then counts less than one solved alone.',
          },
        },
      ];
    case 'start-over': {
      const places = drill.namespaces.length > 0 ? ` in namespace ${drill.namespaces.join(', ')}` : '';
      const files = drill.onNodes ? ' on the nodes' : '';
      return [
        {
          ...state,
          overlay: {
            name: 'confirm',
            of: 'start-over',
            question: `Start over? Your changes${places || files || ' and files'} are lost.`,
          },
        },
      ];
    }
    case 'next': {
      const {drills} = state.content;
      const at = drills.findIndex(({id}) => id === drill.id);
      const next = drills[(at + 1) % drills.length];
      return next && next.id !== drill.id ? openDrill(state, next.id) : [state];
    }
    case 'list': {
      const [left, ...commands] = back(state);
      const cursor = Math.max(
        0,
        state.content.drills.findIndex(({id}) => id === drill.id),
      );
      if (left.screen.name === 'list') return [left, ...commands];
      return [
        {
          ...left,
          screen: {name: 'list', cursor, top: Math.max(0, cursor - 5), filter: ''},
          below: [...left.below, left.screen],
        },
        ...commands,
      ];
    }
    case 'pane':
      return show({tab: screen.tab === 'task' ? 'checks' : 'task', scroll: 0});
    case 'clock':
      return show({clock: !screen.clock});
    default:
      return undefined;
  }
}

/** The drill from its beginning, hints and clock too. */
export function startOver(state: State, screen: DrillScreen): Update {
  return [
    {...state, overlay: undefined, screen: drillScreen(screen.drill, screen.clock)},
    {do: 'set-up', drill: screen.drill},
  ];
}
