import {isDate} from '../../engine/exceptions.ts';
import {plainText} from '../../engine/text.ts';
import type {Update} from '../events.ts';
import {edited} from '../input.ts';
import {resultOf} from '../select.ts';
import type {Attesting, ControlScreen, State} from '../state.ts';
import {dayAfter} from './accept.ts';
import {say} from './go.ts';

const halfAYear = 182;
const fields = ['by', 'statement', 'until'] as const;

/** Asks who vouches for what, and until when, where nothing that kubekata reads tells it. */
export function openAttest(state: State, {id}: ControlScreen): State {
  const result = resultOf(state, id);
  if (result?.status !== 'notEvaluated') return state;
  const overlay: Attesting = {
    name: 'attest',
    control: id,
    title: plainText(result.entry.title),
    field: 'by',
    by: '',
    statement: '',
    on: dayAfter(state.now, 0),
    until: dayAfter(state.now, halfAYear),
  };
  return {...state, overlay};
}

/** Keys of the form. */
export function updateAttest(state: State, overlay: Attesting, key: string): Update {
  const at = (next: Partial<Attesting>): Update => [{...state, overlay: {...overlay, ...next}}];
  const {field} = overlay;
  const move = (by: number): Update =>
    at({field: fields[(fields.indexOf(field) + by + fields.length) % fields.length] ?? 'by'});
  switch (key) {
    case 'esc':
      return [say({...state, overlay: undefined}, 'same', 'Nothing was attested.')];
    case 'tab':
    case 'down':
      return move(1);
    case 'up':
      return move(-1);
    case 'enter':
      return attest(state, overlay);
    default:
      return at({[field]: edited(overlay[field], key)});
  }
}

/** The first field that says nothing gets the cursor; an attestation has an end, and it is no day of the past. */
function attest(state: State, overlay: Attesting): Update {
  const {control, on, until} = overlay;
  const [by, statement] = [overlay.by.trim(), overlay.statement.trim()];
  if (by === '') return [{...state, overlay: {...overlay, field: 'by'}}];
  if (statement === '') return [{...state, overlay: {...overlay, field: 'statement'}}];
  if (!isDate(until) || until < on) return [{...state, overlay: {...overlay, field: 'until', until: ''}}];
  return [
    {...state, overlay: undefined},
    {do: 'attest', attestation: {controls: [control], statement, by, on, until}},
  ];
}
