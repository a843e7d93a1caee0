import type {Whole} from '../../fix/choose-all.ts';
import type {Update} from '../events.ts';
import type {PreviewScreen, State} from '../state.ts';
import {push} from './go.ts';

/** A preview of everything that can be fixed of a namespace or an object; its fixes are chosen first. */
export function openWhole(state: State, whole: Whole): Update {
  const name = 'namespace' in whole ? `namespace ${whole.namespace}` : whole.object;
  const title = `all of ${name}`;
  const screen: PreviewScreen = {
    name: 'preview',
    token: 0,
    controlId: '',
    title,
    kind: 'review',
    change: {id: title, steps: []},
    consequences: [],
    leftOut: new Set(),
    order: undefined,
    fields: [],
    answers: new Map(),
    phase: {is: 'asking'},
    shown: undefined,
    cursor: 0,
    top: 0,
    scroll: 0,
    whole: false,
    restartable: [],
    restart: false,
  };
  return [push(state, screen), {do: 'choose', title, whole}];
}
