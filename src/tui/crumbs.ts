import type {State} from './state.ts';

/** Where a screen is below its target, outermost first. */
export function crumbsOf(state: State): readonly string[] {
  const {screen, overlay} = state;
  const help = overlay?.name === 'help' ? ['Help'] : [];
  return [...ofScreen(state, screen), ...help];
}

function ofScreen(state: State, screen: State['screen']): readonly string[] {
  switch (screen.name) {
    case 'start':
    case 'walk':
    case 'trouble':
      return [];
    case 'connecting':
      return [screen.choice.name];
    case 'control':
      return [screen.id];
    case 'preview':
      return [screen.controlId, 'Preview'];
    case 'applying':
      return [...(screen.controlId === undefined ? ['Changes'] : [screen.controlId]), 'Applying'];
    case 'result':
      return [screen.controlId, 'Result'];
    case 'changes':
      return ['Changes'];
    case 'domains':
      return ['Domains'];
    case 'text': {
      const below = state.below.at(-1);
      return [...(below === undefined ? [] : ofScreen(state, below)), screen.crumb];
    }
  }
}
