import type {Line} from '../layout.ts';
import type {State} from '../state.ts';
import {applyingBody} from './applying.ts';
import {changesBody} from './changes.ts';
import {commandBody} from './command.ts';
import {controlBody} from './control.ts';
import {domainsBody} from './domains.ts';
import {helpBody} from './help.ts';
import {previewBody} from './preview.ts';
import {resultBody} from './result.ts';
import {startBody} from './start.ts';
import {textBody} from './text.ts';
import {connectingBody, troubleBody} from './trouble.ts';
import {walkBody} from './walk.ts';

/** The rows between the score line and the status, for the screen and what lies on top of it. */
export function bodyOf(state: State, height: number): readonly Line[] {
  if (state.overlay?.name === 'help') return helpBody(state, state.overlay, height);
  const body = screenBody(state, height);
  return state.overlay?.name === 'command' ? commandBody(state, state.overlay, body, height) : body;
}

function screenBody(state: State, height: number): readonly Line[] {
  const {screen} = state;
  switch (screen.name) {
    case 'start':
      return startBody(state, screen, height);
    case 'connecting':
      return connectingBody(screen);
    case 'trouble':
      return troubleBody(state, screen);
    case 'walk':
      return walkBody(state, screen, height);
    case 'control':
      return controlBody(state, screen, height);
    case 'preview':
      return previewBody(state, screen, height);
    case 'applying':
      return applyingBody(state, screen, height);
    case 'result':
      return resultBody(state, screen, height);
    case 'changes':
      return changesBody(state, screen, height);
    case 'domains':
      return domainsBody(state, screen, height);
    case 'text':
      return textBody(state, screen, height);
  }
}
