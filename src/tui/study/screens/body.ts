import type {Line} from '../../layout.ts';
import type {State} from '../state.ts';
import {cardsBody} from './cards.ts';
import {domainsBody} from './domains.ts';
import {drillBody} from './drill.ts';
import {examBody, examChoiceBody} from './exam.ts';
import {examResultBody} from './exam-result.ts';
import {helpBody} from './help.ts';
import {homeBody} from './home.ts';
import {listBody} from './list.ts';
import {textBody} from './text.ts';
import {welcomeBody} from './welcome.ts';

/** The rows between the line at the top and the status. */
export function bodyOf(state: State, height: number): readonly Line[] {
  const {screen} = state;
  if (state.overlay?.name === 'help') return helpBody(state);
  switch (screen.name) {
    case 'welcome':
      return welcomeBody(state);
    case 'home':
      return homeBody(state, screen, height);
    case 'list':
      return listBody(state, screen, height);
    case 'drill':
      return drillBody(state, screen, height);
    case 'cards':
      return cardsBody(state, screen, height);
    case 'exam-choice':
      return examChoiceBody(state, screen);
    case 'exam':
      return examBody(state, screen, height);
    case 'exam-result':
      return examResultBody(state, screen, height);
    case 'domains':
      return domainsBody(state, screen, height);
    case 'text':
      return textBody(state, screen, height);
  }
}
