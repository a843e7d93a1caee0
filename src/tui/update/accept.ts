import {isDate} from '../../engine/exceptions.ts';
import {describe} from '../../engine/objects.ts';
import {plainText} from '../../engine/text.ts';
import type {Update} from '../events.ts';
import {edited} from '../input.ts';
import {chosenKeys} from '../select.ts';
import type {Accepting, ControlScreen, FailingRow, State} from '../state.ts';
import {say} from './go.ts';

const halfAYear = 182;

/** Asks for the reason and the end with which the marked findings, or the one under the cursor, are accepted. */
export function openAccept(state: State, screen: ControlScreen): State {
  const detail = state.details.get(screen.id);
  const own = screen.touched ? screen.marks : new Set<string>();
  const keys = chosenKeys({...screen, marks: own}, detail);
  const rows = (detail?.rows ?? []).filter(({key}) => keys.has(key));
  const [first] = rows;
  if (detail === undefined || first === undefined) return state;
  const spaces = new Set(rows.map(({ref}) => ref.namespace));
  const where = spaces.size === 1 && first.ref.namespace ? ` in ${first.ref.namespace}` : '';
  const overlay: Accepting = {
    name: 'accept',
    what: plainText(
      rows.length === 1
        ? `${describe(first.ref)} for ${screen.id}`
        : `${rows.length} findings of ${screen.id}${where}`,
    ),
    covers: coversOf(screen.id, rows, detail.rows),
    count: rows.length,
    field: 'reason',
    reason: '',
    until: dayAfter(state.now, halfAYear),
  };
  return {...state, overlay};
}

/** One entry for all of a kind in a namespace where all of them are chosen, else one for each object. */
function coversOf(
  control: string,
  rows: readonly FailingRow[],
  all: readonly FailingRow[],
): Accepting['covers'] {
  const placeOf = ({ref}: FailingRow): string => `${ref.kind}/${ref.namespace}`;
  return [...Map.groupBy(rows, placeOf)].flatMap(([place, group]) => {
    const {kind, namespace} = group[0]!.ref;
    const space = namespace === '' ? {} : {namespace};
    const isWhole = group.length > 1 && group.length === all.filter((row) => placeOf(row) === place).length;
    return isWhole && namespace !== ''
      ? [{controls: [control], kind, ...space}]
      : group.map(({ref}) => ({controls: [control], kind, ...space, name: ref.name}));
  });
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2027-05-23`, in the person's own time. */
export function dayAfter(now: number, days: number): string {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Keys of the form. */
export function updateAccept(state: State, overlay: Accepting, key: string): Update {
  const {field, reason, until, covers} = overlay;
  switch (key) {
    case 'esc':
      return [say({...state, overlay: undefined}, 'same', 'Nothing was accepted.')];
    case 'tab':
    case 'up':
    case 'down':
      return [{...state, overlay: {...overlay, field: field === 'reason' ? 'until' : 'reason'}}];
    case 'enter': {
      if (reason.trim() === '') return [{...state, overlay: {...overlay, field: 'reason'}}];
      if (until !== 'never' && (!isDate(until) || until < dayAfter(state.now, 0))) {
        return [{...state, overlay: {...overlay, field: 'until', until: ''}}];
      }
      const exceptions = covers.map((one) => ({...one, reason: reason.trim(), until}));
      return [
        {...state, overlay: undefined},
        {do: 'accept', exceptions},
      ];
    }
    default:
      return [{...state, overlay: {...overlay, [field]: edited(overlay[field], key)}}];
  }
}
