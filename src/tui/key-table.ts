import type {Action} from './actions.ts';
import {isBusy, isSafe, previewObjects, resultOf, selectedFixes} from './select.ts';
import type {ControlScreen, PreviewScreen, ScreenName, State} from './state.ts';
import {hasSafer} from './values.ts';

/** Words for the footer, which may depend on what is shown. */
export type Words = string | ((state: State) => string);

export type Binding = {
  /** As `input.ts` names them. */
  readonly keys: readonly string[];
  /** How footer and help name the key. */
  readonly shown: string;
  readonly action: Action;
  /** One or two words for the footer; absent: only the help has it. */
  readonly label?: Words;
  /** A few words for the help. */
  readonly help: string;
  /** Higher ones leave a narrow footer first; 0 always stays. */
  readonly rank: number;
  /** Whether the key does something now; always, where absent. */
  when?(state: State): boolean;
};

const control = (state: State): ControlScreen | undefined =>
  state.screen.name === 'control' ? state.screen : undefined;
const preview = (state: State): PreviewScreen | undefined =>
  state.screen.name === 'preview' ? state.screen : undefined;
const isReady = (state: State): boolean => preview(state)?.phase.is === 'ready';
/** Whether all of it was on the screen: `a` is offered from then on. */
const isDrawn = (state: State): boolean => {
  const phase = preview(state)?.phase;
  return phase?.is === 'ready' && phase.drawn;
};
const onRows = (state: State): boolean => control(state)?.tab === 'failing';
const onRow = (state: State): boolean => onRows(state) && (detailOf(state)?.rows.length ?? 0) > 0;
const isUnseen = (state: State): boolean => {
  const screen = control(state);
  return screen !== undefined && resultOf(state, screen.id)?.status === 'notEvaluated';
};
const detailOf = (state: State) => {
  const screen = control(state);
  return screen && state.details.get(screen.id);
};

const open: Binding = {
  keys: ['enter'],
  shown: 'enter',
  action: 'enter',
  label: 'open',
  help: 'open',
  rank: 1,
};
const back: Binding = {keys: ['esc'], shown: 'esc', action: 'back', label: 'back', help: 'back', rank: 3};
const scroll: Binding = {keys: [], shown: 'jk', action: 'down', label: 'scroll', help: 'scroll', rank: 4};
const move: Binding = {...scroll, label: 'move', help: 'move'};
const next: Binding = {
  keys: ['n'],
  shown: 'n',
  action: 'next',
  label: 'next',
  help: 'next that fails',
  rank: 4,
  when: (state) => state.scan !== undefined,
};
const wholeObject: Binding = {
  keys: ['w'],
  shown: 'w',
  action: 'whole-object',
  help: 'fix all of this object',
  rank: 8,
  when: onRow,
};
const filter: Binding = {keys: ['/'], shown: '/', action: 'filter', label: 'filter', help: 'filter', rank: 4};
const tryAgain: Binding = {
  keys: ['ctrl-r'],
  shown: 'ctrl-r',
  action: 'rescan',
  label: 'try again',
  help: 'try again',
  rank: 1,
};

/** The keys of each screen, in the order in which footer and help show them. */
export const SCREEN_KEYS: Readonly<Record<ScreenName, readonly Binding[]>> = {
  start: [open, {...move, rank: 2}],
  connecting: [back],
  trouble: [tryAgain, {...back, label: 'another target', rank: 1}],
  walk: [
    {...open, help: 'open the control'},
    {
      keys: ['a'],
      shown: 'a',
      action: 'fix',
      label: 'fix',
      help: 'preview the safe fix',
      rank: 1,
      when: (state) => isSafe(state),
    },
    next,
    {keys: ['o'], shown: 'o', action: 'order', label: 'order', help: 'order: score or gain', rank: 3},
    filter,
    {keys: ['d'], shown: 'd', action: 'domains', label: 'domains', help: 'CKS domains', rank: 4},
    {keys: ['f'], shown: 'f', action: 'framework', label: 'framework', help: 'other framework', rank: 8},
  ],
  control: [
    {
      keys: ['a'],
      shown: 'a',
      action: 'fix',
      label: 'preview',
      help: 'preview the fix',
      rank: 1,
      when: (state) => selectedFixes(state).length > 0,
    },
    {
      keys: ['tab'],
      shown: 'tab',
      action: 'pane',
      label: (state) => (control(state)?.tab === 'lesson' ? 'failing' : 'lesson'),
      help: 'lesson or objects',
      rank: 2,
    },
    {...scroll, when: (state) => !onRows(state)},
    {
      keys: ['space'],
      shown: 'space',
      action: 'mark',
      label: 'mark',
      help: 'mark an object',
      rank: 3,
      when: onRows,
    },
    {...open, label: 'details', help: 'what is wrong with it', rank: 6, when: onRows},
    {
      keys: ['*'],
      shown: '*',
      action: 'mark-all',
      label: 'all safe',
      help: 'mark all that are safe',
      rank: 4,
      when: (state) =>
        onRows(state) && (detailOf(state)?.approaches.some(({safe}) => safe.size > 0) ?? false),
    },
    {
      keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
      shown: '1 2',
      action: 'choose',
      label: 'fix',
      help: 'choose the fix',
      rank: 5,
      when: (state) => (detailOf(state)?.approaches.length ?? 0) > 1,
    },
    {...filter, rank: 6, when: onRows},
    {
      keys: ['e'],
      shown: 'e',
      action: 'accept',
      label: 'accept',
      help: 'accept with a reason',
      rank: 7,
      when: onRow,
    },
    {
      keys: ['e'],
      shown: 'e',
      action: 'attest',
      label: 'attest',
      help: 'attest what only a person knows',
      rank: 3,
      when: isUnseen,
    },
    {
      keys: ['y'],
      shown: 'y',
      action: 'yaml',
      label: 'yaml',
      help: 'YAML of the object',
      rank: 7,
      when: (state) => (detailOf(state)?.rows.length ?? 0) > 0,
    },
    wholeObject,
    {...wholeObject, keys: ['W'], shown: 'W', action: 'whole-namespace', help: 'fix all of its namespace'},
    next,
    {...back, rank: 5},
  ],
  preview: [
    {
      keys: ['a'],
      shown: 'a',
      action: 'fix',
      label: (state) => {
        const count = preview(state) ? previewObjects(state).filter(({out}) => !out).length : 0;
        return count > 1 ? `apply ${count}` : 'apply';
      },
      help: 'apply',
      rank: 1,
      when: (state) => isReady(state) && isDrawn(state) && !state.readOnly,
    },
    {
      ...open,
      label: 'next',
      help: 'take the value',
      when: (state) => preview(state)?.phase.is === 'questions',
    },
    {
      keys: ['space'],
      shown: 'space',
      action: 'mark',
      label: 'leave out',
      help: 'leave an object out',
      rank: 2,
      when: (state) => isReady(state) && previewObjects(state).length > 1,
    },
    {...scroll, label: (state) => (previewObjects(state).length > 1 ? 'object' : 'scroll'), when: isReady},
    {
      keys: ['v'],
      shown: 'v',
      action: 'values',
      label: 'safe values',
      help: 'take the safe values',
      rank: 2,
      when: (state) => isReady(state) && hasSafer(preview(state)?.fields ?? []),
    },
    {
      ...open,
      label: 'values',
      help: 'change the values',
      rank: 3,
      when: (state) => isReady(state) && (preview(state)?.fields.length ?? 0) > 0,
    },
    {
      keys: ['r'],
      shown: 'r',
      action: 'restart',
      label: (state) => (preview(state)?.restart ? 'no restart' : 'restart'),
      help: 'restart under the guard',
      rank: 3,
      when: (state) => isReady(state) && (preview(state)?.restartable.length ?? 0) > 0,
    },
    {
      keys: ['p'],
      shown: 'p',
      action: 'patch',
      label: 'patch to a file',
      help: 'patch to a file',
      rank: 4,
      when: isReady,
    },
    {
      keys: ['y'],
      shown: 'y',
      action: 'yaml',
      label: 'whole yaml',
      help: 'unfold the YAML',
      rank: 5,
      when: isReady,
    },
    {...tryAgain, when: (state) => preview(state)?.phase.is === 'failed'},
    back,
  ],
  applying: [
    {
      keys: ['u'],
      shown: 'u',
      action: 'changes',
      label: 'undo',
      help: 'take the change back',
      rank: 1,
      when: (state) => !isBusy(state),
    },
    {
      ...back,
      label: (state) =>
        state.screen.name === 'applying' && state.screen.phase === 'guarding' ? 'stop watching' : 'back',
      help: 'keep the change',
      when: (state) => !isBusy(state),
    },
  ],
  result: [
    open,
    {...next, label: 'next in the walk', rank: 2},
    {keys: ['u'], shown: 'u', action: 'changes', label: 'undo', help: 'take the change back', rank: 2},
    {...back, label: 'to the walk'},
  ],
  changes: [
    {
      keys: ['u'],
      shown: 'u',
      action: 'fix',
      label: (state) =>
        state.screen.name === 'changes' && state.screen.undo.is === 'ready'
          ? `undo change ${state.screen.undo.number}`
          : 'undo',
      help: 'take the change back',
      rank: 1,
      when: (state) =>
        state.screen.name === 'changes' &&
        state.screen.undo.is === 'ready' &&
        state.screen.undo.drawn &&
        !state.readOnly,
    },
    {
      ...open,
      label: (state) => (isUnfinished(state) ? 'write the rest' : 'details'),
      help: 'what was changed',
      when: (state) => state.entries.length > 0,
    },
    {...move, label: 'change', when: (state) => state.entries.length > 1},
    back,
  ],
  domains: [
    {...open, label: 'walk this domain', help: 'walk this domain'},
    {
      keys: ['t'],
      shown: 't',
      action: 'outline',
      label: (state) =>
        state.screen.name === 'domains' && state.screen.outline === 'today'
          ? 'outline of 2021'
          : 'outline of today',
      help: 'the other outline',
      rank: 2,
    },
    {...move, label: 'domain'},
    back,
  ],
  text: [
    scroll,
    {
      keys: ['p'],
      shown: 'p',
      action: 'patch',
      label: 'write role',
      help: 'the ClusterRole that shows the rest',
      rank: 1,
      when: ({screen}) => screen.name === 'text' && screen.role !== undefined,
    },
    {...open, label: 'go on', when: ({screen}) => screen.name === 'text' && screen.role !== undefined},
    back,
  ],
};

function isUnfinished({screen, entries}: State): boolean {
  return screen.name === 'changes' && entries[screen.cursor]?.state === 'unfinished';
}

const inTarget = (state: State): boolean => state.connection !== undefined;

/** Keys that mean the same on every screen; a screen's own come first. */
export const EVERYWHERE: readonly Binding[] = [
  {keys: ['up', 'k'], shown: '', action: 'up', help: '', rank: 9},
  {keys: ['down', 'j'], shown: '⇡⇣ j k', action: 'down', help: 'move', rank: 9},
  {keys: ['g', 'home'], shown: '', action: 'first', help: '', rank: 9},
  {keys: ['G', 'end'], shown: 'g G', action: 'last', help: 'first, last', rank: 9},
  {keys: ['ctrl-d', 'pagedown'], shown: '', action: 'page-down', help: '', rank: 9},
  {keys: ['ctrl-u', 'pageup'], shown: 'ctrl-d ctrl-u', action: 'page-up', help: 'half a page', rank: 9},
  {keys: ['enter', 'right'], shown: '', action: 'enter', help: '', rank: 9},
  {keys: ['esc', 'left'], shown: 'enter  esc', action: 'back', help: 'in, back', rank: 9},
  {keys: ['tab'], shown: 'tab', action: 'pane', help: 'other pane or tab', rank: 9},
  {keys: ['/'], shown: '', action: 'filter', help: '', rank: 9},
  {keys: [':'], shown: '/  :', action: 'command', help: 'filter, command', rank: 9, when: inTarget},
  {keys: ['ctrl-r'], shown: 'ctrl-r', action: 'rescan', help: 'scan again', rank: 9, when: inTarget},
  {keys: ['u'], shown: 'u', action: 'changes', help: 'undo and changes', rank: 9, when: inTarget},
  {
    keys: ['s'],
    shown: 's',
    action: 'shell',
    label: 'shell',
    help: 'shell on this target',
    rank: 7,
    when: inTarget,
  },
  {keys: ['?'], shown: '?', action: 'help', label: 'help', help: '', rank: 0},
  {keys: ['q', 'ctrl-c'], shown: '?  q', action: 'quit', help: 'help, quit', rank: 9},
];
