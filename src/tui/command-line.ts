import type {Resource} from '../engine/objects.ts';
import type {Update} from './events.ts';
import {nearest} from './filter.ts';
import {isBusy} from './select.ts';
import type {State} from './state.ts';
import {openChanges} from './update/changes.ts';
import {backToWalk, openControl, push, say} from './update/go.ts';
import {connect} from './update/others.ts';
import {switchFramework} from './update/walk.ts';
import {openWhole} from './update/whole.ts';

type CommandWord = {
  readonly name: string;
  readonly help: string;
  /** Words that may follow, with what they mean. */
  words?(state: State): readonly {readonly word: string; readonly help: string}[];
  run(state: State, argument: string): Update;
};

export const COMMANDS: readonly CommandWord[] = [
  {
    name: 'framework',
    help: 'which edition counts',
    words: (state) =>
      state.frameworks.map(({id, title}) => ({
        word: id,
        help: id === state.frameworkId ? `${title}, in use` : title,
      })),
    run: (state, id) =>
      state.frameworks.some((one) => one.id === id)
        ? switchFramework(state, id)
        : [
            say(
              state,
              'failed',
              unknown(
                'framework',
                id,
                state.frameworks.map((one) => one.id),
              ),
            ),
          ],
  },
  {
    name: 'target',
    help: 'another target',
    words: (state) => state.choices.map(({name, detail}) => ({word: name, help: detail})),
    run: (state, name) => {
      const choice = state.choices.find((one) => one.name === name);
      if (choice === undefined) {
        return [
          say(
            state,
            'failed',
            unknown(
              'target',
              name,
              state.choices.map((one) => one.name),
            ),
          ),
        ];
      }
      const [next, ...commands] = connect({...state, below: [], screen: {name: 'start', cursor: 0}}, choice);
      return [{...next, connection: undefined, scan: undefined}, {do: 'disconnect'}, ...commands];
    },
  },
  {
    name: 'control',
    help: 'open by its id',
    words: (state) => (state.scan?.controls ?? []).map(({entry}) => ({word: entry.id, help: entry.title})),
    run: (state, id) =>
      state.scan?.controls.some(({entry}) => entry.id === id)
        ? [openControl(backToWalk(state), id)]
        : [
            say(
              state,
              'failed',
              unknown('control', id, state.scan?.controls.map(({entry}) => entry.id) ?? []),
            ),
          ],
  },
  {
    name: 'ns',
    help: 'one namespace, or all',
    words: (state) => {
      const names = new Set(
        (state.scan?.controls ?? []).flatMap(({failures}) =>
          failures.map(({resource}) => resource.namespace),
        ),
      );
      names.delete('');
      return [
        {word: 'all', help: 'every namespace'},
        ...[...names].sort().map((word) => ({word, help: 'namespace'})),
      ];
    },
    run: (state, name) => {
      const walk = backToWalk(state);
      if (walk.screen.name !== 'walk') return [walk];
      const filter = name === 'all' || name === '' ? '' : `ns:${name}`;
      return [{...walk, screen: {...walk.screen, filter, cursor: undefined, top: 0}}];
    },
  },
  {
    name: 'fix',
    help: 'all of a namespace or an object, as one change: namespace NAME, object KIND/NAMESPACE/NAME',
    words: (state) => [
      ...failingSpaces(state).map((name) => ({word: `namespace ${name}`, help: 'all of it as one change'})),
      ...failingObjects(state).map((id) => ({word: `object ${id}`, help: 'all of it as one change'})),
    ],
    run: (state, argument) => {
      if (isBusy(state)) return [say(state, 'look', 'A change is being written: :fix waits for its end.')];
      const [what = '', name = ''] = argument.split(/\s+/);
      if (name !== '' && 'namespace'.startsWith(what)) {
        return failingSpaces(state).includes(name)
          ? openWhole(backToWalk(state), {namespace: name})
          : [
              say(
                state,
                'failed',
                unknown('namespace with something that fails named', name, failingSpaces(state)),
              ),
            ];
      }
      if (name !== '' && 'object'.startsWith(what)) {
        return failingObjects(state).includes(name)
          ? openWhole(backToWalk(state), {object: name})
          : [say(state, 'failed', unknown('failing object', name, failingObjects(state)))];
      }
      return [
        say(
          state,
          'look',
          'Name what is to be fixed: :fix namespace home, or :fix object Deployment/home/web',
        ),
      ];
    },
  },
  {
    name: 'theme',
    help: 'colours',
    words: () => [
      {word: 'auto', help: 'right on black and on white'},
      {word: 'dark', help: 'for dark backgrounds'},
      {word: 'light', help: 'for light backgrounds'},
      {word: 'colour-blind', help: 'other hues, on or off'},
    ],
    run: (state, word) => {
      if (word === 'colour-blind') return setTheme({...state, colourBlind: !state.colourBlind});
      if (word === 'auto' || word === 'dark' || word === 'light') return setTheme({...state, theme: word});
      return [say(state, 'failed', unknown('theme', word, ['auto', 'dark', 'light', 'colour-blind']))];
    },
  },
  {name: 'changes', help: 'what was applied', run: (state) => openChanges(state)},
  {
    name: 'unread',
    help: 'what could not be read',
    run: (state) => {
      const lines = state.scan?.incomplete ?? [];
      if (lines.length === 0) return [say(state, 'passed', 'Everything was read.')];
      return [
        push(state, {
          name: 'text',
          prose: true,
          crumb: 'Not read',
          title: `${lines.length} not read. They count as failing until they are.`,
          lines: lines.map((text) => ({text, mark: 'failed' as const})),
          top: 0,
        }),
      ];
    },
  },
  {
    name: 'report',
    help: 'write the result: FILE',
    run: (state, file) =>
      file === '' ? [say(state, 'look', 'Name the file: :report scan.json')] : [state, {do: 'report', file}],
  },
  {
    name: 'rbac',
    help: 'write the ClusterRole for: scan or fix',
    words: () => [
      {word: 'scan', help: 'what kubekata reads'},
      {word: 'fix', help: 'and what its fixes write'},
    ],
    run: (state, word) => [state, {do: 'write-role', purpose: word === 'fix' ? 'fix' : 'scan'}],
  },
  {
    name: 'study',
    help: 'the CKS: cards, drills, exams',
    run: (state) => {
      if (!state.hasStudy) return [say(state, 'failed', 'Study from the command line: kubekata study.')];
      if (isBusy(state)) return [say(state, 'look', 'A change is being written: :study waits for its end.')];
      return [state, {do: 'study'}];
    },
  },
  {name: 'quit', help: 'leave kubekata', run: (state) => [state, {do: 'quit'}]},
];

const failing = (state: State): readonly Resource[] =>
  (state.scan?.controls ?? []).flatMap(({failures}) => failures.map(({resource}) => resource));

const failingSpaces = (state: State): readonly string[] =>
  [...new Set(failing(state).map(({kind, namespace, name}) => (kind === 'Namespace' ? name : namespace)))]
    .filter((name) => name !== '')
    .sort();

const failingObjects = (state: State): readonly string[] =>
  [...new Set(failing(state).map(({id}) => id))].sort();

const setTheme = (state: State): Update => [
  say(state, 'same', `Theme ${state.theme}${state.colourBlind ? ', colour-blind' : ''}.`),
  {do: 'theme', theme: state.theme, colourBlind: state.colourBlind},
];

function unknown(what: string, typed: string, words: readonly string[]): string {
  const near = nearest(typed, words);
  return near === undefined
    ? `There is no ${what} ${typed}. There are ${words.slice(0, 8).join(', ')}.`
    : `There is no ${what} ${typed}. Did you mean ${near}?`;
}

export type Completion = {readonly text: string; readonly help: string};

/** What a command line could become, best first. */
export function completions(state: State, text: string): readonly Completion[] {
  const [, name = '', blank, argument = ''] = /^(\S*)(\s+)?(.*)$/.exec(text) ?? [];
  if (blank === undefined) {
    return COMMANDS.filter((one) => one.name.startsWith(name)).flatMap((one) => {
      const words = name === one.name ? one.words?.(state) : undefined;
      return words && text !== ''
        ? words.map(({word, help}) => ({text: `${one.name} ${word}`, help}))
        : [{text: one.name, help: one.help}];
    });
  }
  const command = COMMANDS.find((one) => one.name === name);
  return (command?.words?.(state) ?? [])
    .filter(({word}) => word.startsWith(argument))
    .map(({word, help}) => ({text: `${name} ${word}`, help}));
}

/** Runs a command line. An abbreviation runs when only one command begins with it. */
export function runCommandLine(state: State, text: string): Update {
  const [name = '', ...rest] = text.trim().split(/\s+/);
  if (name === '') return [state];
  const known = {...state, history: [...state.history.filter((one) => one !== text), text]};
  const starting = COMMANDS.filter((one) => one.name.startsWith(name));
  const command =
    COMMANDS.find((one) => one.name === name) ?? (starting.length === 1 ? starting[0] : undefined);
  if (command !== undefined) return command.run(known, rest.join(' '));
  const near = nearest(
    name,
    COMMANDS.map((one) => one.name),
  );
  const hint = near
    ? `Did you mean :${near}?`
    : `There are ${COMMANDS.map((one) => `:${one.name}`).join(' ')}.`;
  return [say(known, 'failed', `There is no :${name}. ${hint}`)];
}
