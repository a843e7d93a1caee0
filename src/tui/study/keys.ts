import {currentDrill, type ScreenName, type State} from './state.ts';

/** What a key means in the study mode. */
export type Action =
  | 'up'
  | 'down'
  | 'first'
  | 'last'
  | 'page-up'
  | 'page-down'
  | 'enter'
  | 'back'
  | 'pane'
  | 'filter'
  | 'command'
  | 'help'
  | 'quit'
  | 'cards'
  | 'list'
  | 'exam'
  | 'domains'
  | 'outline'
  | 'shell'
  | 'hint'
  | 'solution'
  | 'start-over'
  | 'next'
  | 'clock'
  | 'mark'
  | 'grade'
  | 'flag'
  | 'done'
  | 'jump'
  | 'hand-in'
  | 'documentation';

export type Binding = {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly action: Action;
  /** For the footer; absent: only the help has it. */
  readonly label?: string;
  readonly help: string;
  /** Higher ones leave a narrow footer first; 0 always stays. */
  readonly rank: number;
  when?(state: State): boolean;
};

const key = (
  shown: string,
  action: Action,
  label: string,
  help: string,
  rank: number,
  more: Partial<Binding> = {},
): Binding => ({keys: [shown], shown, action, label, help, rank, ...more});

const back = key('esc', 'back', 'back', 'back', 3);
const scroll: Binding = {keys: [], shown: 'jk', action: 'down', label: 'scroll', help: 'scroll', rank: 5};
const shell = key('s', 'shell', 'shell', 'shell in the work folder', 2, {
  when: (state) => currentDrill(state) !== undefined && isWorking(state),
});
const cards = key('c', 'cards', 'cards', 'cards', 3);
const list = key('l', 'list', 'drills', 'list of drills', 3);
const exam = key('x', 'exam', 'exam', 'an exam', 3);
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

const isWorking = ({screen}: State): boolean =>
  (screen.name === 'drill' || screen.name === 'exam') && screen.phase === 'working';
const isOfToday = ({outline}: State): boolean => outline === 'today';
const side = ({screen}: State) => (screen.name === 'cards' ? screen.side : undefined);

/** The keys of each screen, in the order in which footer and help show them. */
export const SCREEN_KEYS: Readonly<Record<ScreenName, readonly Binding[]>> = {
  welcome: [
    key('enter', 'enter', 'six questions', 'six questions to place you', 1),
    key('esc', 'back', 'go on without', 'go on without', 1),
    key('q', 'quit', 'quit', 'quit', 2),
  ],
  home: [
    key('enter', 'enter', 'begin', 'begin what the cursor is on', 1),
    cards,
    list,
    exam,
    key('d', 'domains', 'domains', 'domains and their lessons', 4),
    key('t', 'outline', 'outline of 2021', 'the other outline', 6),
    key('q', 'quit', 'quit', 'quit', 5),
  ],
  list: [
    key('enter', 'enter', 'begin', 'begin the drill', 1),
    key('/', 'filter', 'filter', 'filter by words', 3),
    {...scroll, label: 'move', help: 'move'},
    back,
  ],
  drill: [
    shell,
    key('h', 'hint', 'hint', 'next hint', 1, {when: isWorking}),
    key('v', 'solution', 'solution', 'show the solution', 4, {when: isWorking}),
    key('x', 'start-over', 'start over', 'start over', 5),
    key('n', 'next', 'next', 'next drill', 3),
    {...list, label: 'list', rank: 6},
    {...key('tab', 'pane', 'found', 'task, or what was found', 4), when: ({columns}) => columns < 110},
    {keys: ['o'], shown: 'o', action: 'clock', help: 'hide or show the clock', rank: 9},
    back,
  ],
  cards: [
    {
      keys: ['a', 'b', 'c', 'd', 'e', 'f', 'A', 'B', 'C', 'D', 'E', 'F'],
      shown: 'A B C',
      action: 'mark',
      label: 'mark',
      help: 'mark an answer',
      rank: 1,
      when: (state) => side(state) === 'front',
    },
    key('enter', 'enter', 'show the answer', 'show the answer, go on', 1, {
      when: (state) => side(state) === 'front',
    }),
    key('enter', 'enter', 'go on', 'go on', 1, {
      when: ({screen}) => screen.name === 'cards' && (screen.side === 'done' || isPlaced(screen)),
    }),
    {
      keys: ['1', '2', '3', '4'],
      shown: '1 2 3 4',
      action: 'grade',
      label: 'how was it',
      help: 'again, hard, good, easy',
      rank: 1,
      when: ({screen}) => screen.name === 'cards' && screen.side === 'back' && !screen.placing,
    },
    key('esc', 'back', 'stop', 'stop', 3),
  ],
  'exam-choice': [
    key('enter', 'enter', 'begin', 'begin the exam', 1),
    {...scroll, label: 'move', help: 'move'},
    back,
  ],
  exam: [
    key('enter', 'enter', 'task', 'read the whole task', 1, {when: isWorking}),
    key('n', 'next', 'next', 'next unfinished task', 2, {when: isWorking}),
    key('f', 'flag', 'flag', 'flag a task', 3, {when: isWorking}),
    key('space', 'done', 'done', 'mark a task as done', 4, {when: isWorking}),
    {keys: digits, shown: '1 2 3', action: 'jump', help: 'jump to a task', rank: 9, when: isWorking},
    key('d', 'documentation', 'docs', 'index of the documentation', 6, {when: isWorking}),
    shell,
    key('H', 'hand-in', 'hand in', 'hand the exam in', 2, {when: isWorking}),
    key('esc', 'back', 'pause', 'pause, the clock stops', 5),
  ],
  'exam-result': [
    key('enter', 'enter', 'what was checked', 'what was checked', 1),
    key('n', 'next', 'study next', 'the drill that helps most', 2),
    key('x', 'exam', 'another exam', 'another exam', 3),
    back,
  ],
  domains: [
    key('enter', 'enter', 'read the lesson', 'read the lesson', 1),
    {...list, help: 'drills of the competency', when: isOfToday},
    {...cards, help: 'cards of the competency', when: isOfToday},
    key('t', 'outline', 'outline of 2021', 'the other outline', 3),
    {...scroll, label: 'move', help: 'move'},
    back,
  ],
  text: [scroll, back],
};

/** Keys that mean the same on every screen; a screen's own come first. */
export const EVERYWHERE: readonly Binding[] = [
  {keys: ['down', 'j'], shown: '⇡⇣ j k', action: 'down', help: 'move', rank: 9},
  {keys: ['up', 'k'], shown: '', action: 'up', help: '', rank: 9},
  {keys: ['g', 'home'], shown: 'g G', action: 'first', help: 'first, last', rank: 9},
  {keys: ['G', 'end'], shown: '', action: 'last', help: '', rank: 9},
  {keys: ['ctrl-d', 'pagedown'], shown: 'ctrl-d ctrl-u', action: 'page-down', help: 'half a page', rank: 9},
  {keys: ['ctrl-u', 'pageup'], shown: '', action: 'page-up', help: '', rank: 9},
  {keys: ['enter', 'right'], shown: 'enter esc', action: 'enter', help: 'in, back', rank: 9},
  {keys: ['esc', 'left'], shown: '', action: 'back', help: '', rank: 9},
  {keys: [':'], shown: ':', action: 'command', help: 'command', rank: 9},
  {keys: ['?'], shown: '?', action: 'help', label: 'help', help: '', rank: 0},
  {keys: ['q', 'ctrl-c'], shown: 'q', action: 'quit', help: 'quit', rank: 9},
];

/** Commands behind a colon. */
export const COMMANDS: readonly {readonly name: string; readonly help: string}[] = [
  {name: ':exam 2027-01-16', help: 'your exam day'},
  {name: ':exam none', help: 'no day any more'},
  {name: ':mark 67', help: 'points that pass'},
  {name: ':cards :drills', help: 'go there'},
  {name: ':domains :quit', help: 'go there, quit'},
];

const isOn = (binding: Binding, state: State): boolean => binding.when?.(state) ?? true;

const isPlaced = (screen: {readonly placing: boolean; readonly side: string}): boolean =>
  screen.placing && screen.side === 'back';

/** What a key does on the screen that is shown; undefined where it does nothing now. */
export function actionOf(state: State, pressed: string): Action | undefined {
  const has = (binding: Binding): boolean => binding.keys.includes(pressed) && isOn(binding, state);
  return (SCREEN_KEYS[state.screen.name].find(has) ?? EVERYWHERE.find(has))?.action;
}

export type Hint = {readonly key: string; readonly label: string; readonly rank: number};

/** The keys that do something now, for the footer. */
export function hintsOf(state: State): readonly Hint[] {
  return [...SCREEN_KEYS[state.screen.name], ...EVERYWHERE]
    .filter((binding) => binding.label !== undefined && isOn(binding, state))
    .map(({shown, label = '', action, rank}) => ({
      key: shown,
      label: action === 'outline' && state.outline === '2021' ? 'outline of today' : label,
      rank,
    }));
}
