import type {Event, Update} from '../events.ts';
import type {State} from '../state.ts';
import {openPreview} from './control.ts';
import {back, say} from './go.ts';

/** The fixes are known: their preview takes the place of the one that waited for them. */
export function updateChosen(
  state: State,
  {title, chosen, refused}: Extract<Event, {type: 'chosen'}>,
): Update {
  const {screen} = state;
  if (screen.name !== 'preview' || screen.title !== title || screen.change.steps.length > 0) return [state];
  const [below] = back(state);
  const [first] = chosen;
  if (first === undefined) {
    const more = refused > 0 ? ` ${refused} ${refused === 1 ? 'fix is' : 'fixes are'} refused.` : '';
    return [
      say(
        below,
        'look',
        `There is nothing to fix in ${title} that is automatic or only wants a review.${more} The controls tell each object's way.`,
      ),
    ];
  }
  const [next, ...commands] = openPreview(
    below,
    first.control,
    title,
    chosen.map(({fix}) => fix),
  );
  return [next.screen.name === 'preview' ? {...next, screen: {...next.screen, title}} : next, ...commands];
}
