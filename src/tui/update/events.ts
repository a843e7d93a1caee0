import {describe} from '../../engine/objects.ts';
import {formatScore} from '../../engine/score.ts';
import type {Event, Partial as Part, Update} from '../events.ts';
import {objectsOf, resultOf} from '../select.ts';
import type {ApplyingScreen, PreviewScreen, Screen, State} from '../state.ts';
import {updateApplyEvent} from './apply-events.ts';
import {askUndo, undoNow} from './changes.ts';
import {updateChosen} from './chosen.ts';
import {currentControl, markSafe, newWalk, push, say, sortWalk} from './go.ts';

/** What happened elsewhere than at the keyboard. */
export function updateEvent(state: State, event: Exclude<Event, {type: 'key'}>): Update {
  const {screen} = state;
  switch (event.type) {
    case 'resized':
      return [{...state, columns: event.columns, rows: event.rows}];
    case 'tick':
      return [{...state, tick: state.tick + 1, now: event.now}];
    case 'drawn':
      return [drawn(state)];
    case 'connected':
      return [
        {
          ...state,
          connection: event.connection,
          access: undefined,
          screen: newWalk(),
          trend: [],
          firstScores: new Map(),
        },
        {do: 'lessons'},
      ];
    case 'connection-failed':
      return [
        {
          ...state,
          screen: {name: 'trouble', choice: event.choice, title: event.title, details: event.details},
        },
      ];
    case 'scanned':
      return [scanned(state, event)];
    case 'progress':
      return [onConnection(state, {progress: event.text})];
    case 'access':
      return [{...state, access: event.access}];
    case 'partial':
      return [partly(state, event.partial)];
    case 'lost':
      return [onConnection(state, {status: 'lost', lost: event.text})];
    case 'back':
      return [onConnection(state, {status: 'watching', lost: ''})];
    case 'lesson':
      return [{...state, lessons: new Map(state.lessons).set(event.lesson.id, event.lesson)}];
    case 'detail': {
      const {id} = event.detail.result.entry;
      const outdated = new Set([...state.outdated].filter((one) => one !== id));
      return [markSafe({...state, outdated, details: new Map(state.details).set(id, event.detail)})];
    }
    case 'forecast':
      return screen.name === 'control' && screen.id === event.id
        ? [{...state, screen: {...screen, forecast: event.forecast}}]
        : [state];
    case 'keep':
      return screen.name === 'result' && screen.controlId === event.id
        ? [{...state, screen: {...screen, keep: event.fix}}]
        : [state];
    case 'gain': {
      const next = {...state, gains: event.gains};
      return [screen.name === 'walk' && screen.by === 'gain' ? sortWalk(next, screen) : next];
    }
    case 'chosen':
      return updateChosen(state, event);
    case 'prepared': {
      if (screen.name !== 'preview' || screen.token !== event.token) return [state];
      const {plan, forecast} = event;
      const next: PreviewScreen = {
        ...screen,
        shown: plan,
        phase: {is: 'ready', plan, forecast, drawn: false},
        restartable: screen.restart ? screen.restartable : (event.restartable ?? []),
      };
      const order = screen.order ?? objectsOf(next).map(({key}) => key);
      return [{...state, screen: {...next, order}}];
    }
    case 'foreseen': {
      if (screen.name !== 'preview' || screen.phase.is !== 'questions') return [state];
      if (screen.phase.fields !== event.fields) return [state];
      return [{...state, screen: {...screen, phase: {...screen.phase, foresight: event.breaks}}}];
    }
    case 'prepare-failed': {
      if (screen.name !== 'preview' || screen.token !== event.token) return [state];
      const {title, details} = event;
      return [{...state, screen: {...screen, phase: {is: 'failed', title, details}}}];
    }
    case 'apply':
    case 'apply-failed':
    case 'settled':
    case 'guard':
    case 'guard-ended':
      return updateApplyEvent(state, event);
    case 'entries': {
      const next = {...state, entries: event.entries};
      return screen.name === 'changes' ? askUndo(next) : [tellUnfinished(state, next)];
    }
    case 'undo-prepared':
    case 'undo-failed': {
      const next = undoAnswered(state, event);
      // The guard waits for nobody.
      const {screen: now} = next;
      return now.name === 'changes' && now.takesBack === event.number && now.undo.is === 'ready'
        ? undoNow(next)
        : [next];
    }
    case 'text': {
      const text: Screen = {
        name: 'text',
        prose: false,
        crumb: event.crumb,
        title: event.title,
        lines: event.lines,
        top: 0,
      };
      return [{...state, below: [...state.below, screen], screen: text}];
    }
    case 'message':
      return [{...state, message: event.message}];
  }
}

/** At the start: a change that kubekata was stopped in can be finished or taken back. */
function tellUnfinished(before: State, state: State): State {
  const open = state.entries.filter(({state: one}) => one === 'unfinished');
  const [newest] = open;
  if (newest === undefined || before.entries.some(({number}) => number === newest.number)) return state;
  const done = newest.steps.filter(({state: one}) => one === 'written').length;
  const more = open.length > 1 ? ` ${open.length - 1} more like it.` : '';
  return say(
    state,
    'look',
    `Change ${newest.number}, ${newest.title}, was not finished: ${done} of ${newest.steps.length} objects are known to be written. u shows it: finish it, or take it back.${more}`,
  );
}

/** What the person may see, before the walk: a score of a part must not pass for one of the whole. */
function partly(state: State, {sentences, kinds}: Part): State {
  const {connection, scan, screen} = state;
  if (connection === undefined || scan === undefined || screen.name !== 'walk') return state;
  const missing =
    kinds.length > 4 ? `${kinds.slice(0, 3).join(', ')} and ${kinds.length - 3} other kinds` : listOf(kinds);
  const evaluated = scan.controls.filter(({status}) => status !== 'notEvaluated').length;
  const count = scan.controls.length - evaluated;
  const lines = [
    ...sentences,
    '',
    kinds.length === 0
      ? 'All kinds are read there.'
      : `${count} of ${scan.controls.length} controls are not evaluated${count > 0 ? `, because you may not list ${missing}` : `. You may not list ${missing}`}. The score counts the other ${evaluated}.`,
    '',
    'enter goes on with what you may see. p writes the ClusterRole that shows the rest.',
    'Once that is granted, ctrl-r reads it: kubekata need not be started again.',
  ];
  return push(state, {
    name: 'text',
    prose: true,
    crumb: 'What you may see',
    title: `You may see a part of ${connection.name}.`,
    lines: lines.map((text, index) => (index === 0 && text !== '' ? {text, mark: 'look' as const} : {text})),
    top: 0,
    role: 'scan',
  });
}

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const onConnection = (state: State, change: Partial<NonNullable<State['connection']>>): State =>
  state.connection === undefined ? state : {...state, connection: {...state.connection, ...change}};

function drawn(state: State): State {
  const {screen} = state;
  if (screen.name === 'preview' && screen.phase.is === 'ready' && !screen.phase.drawn) {
    return {...state, screen: {...screen, phase: {...screen.phase, drawn: true}}};
  }
  if (screen.name === 'changes' && screen.undo.is === 'ready' && !screen.undo.drawn) {
    return {...state, screen: {...screen, undo: {...screen.undo, drawn: true}}};
  }
  return state;
}

function undoAnswered(state: State, event: Extract<Event, {type: 'undo-prepared' | 'undo-failed'}>): State {
  const {screen} = state;
  if (screen.name !== 'changes' || screen.undo.is !== 'asking' || screen.undo.number !== event.number)
    return state;
  const {number} = event;
  return {
    ...state,
    screen: {
      ...screen,
      undo:
        event.type === 'undo-failed'
          ? {is: 'failed', number, text: event.text}
          : {is: 'ready', number, plan: event.plan, forecast: event.forecast, drawn: false},
    },
  };
}

function scanned(state: State, event: Extract<Event, {type: 'scanned'}>): State {
  const {scan, complete} = event;
  const wasLoading = state.connection?.status === 'loading';
  const connection =
    state.connection && complete && wasLoading
      ? {...state.connection, status: 'watching' as const, progress: ''}
      : state.connection;
  const {id} = scan.framework;
  const score = scan.score;
  const firstScores =
    complete && score !== undefined && !state.firstScores.has(id)
      ? new Map(state.firstScores).set(id, score)
      : state.firstScores;
  const trend =
    complete && score !== undefined && state.trend.at(-1) !== score
      ? [...state.trend, score].slice(-40)
      : state.trend;
  const outdated = event.outdated?.length ? new Set([...state.outdated, ...event.outdated]) : state.outdated;
  const next: State = {...state, scan, connection, firstScores, trend, outdated};
  const changedFramework = state.scan !== undefined && state.scan.framework.id !== id;
  const resorted = wasLoading || changedFramework ? resort(next) : next;
  return outsideMessage(state, resorted, event);
}

/** Rows of the walk in order, also when another screen is on top of it. */
function resort(state: State): State {
  if (state.screen.name === 'walk')
    return sortWalk(state, {...state.screen, cursor: keep(state, state.screen.cursor)});
  const below = state.below.map((one) => {
    if (one.name !== 'walk') return one;
    const sorted = sortWalk({...state, screen: one}, one).screen;
    return sorted;
  });
  return {...state, below};
}

/** While loading the cursor stays on the first row, until the person moved it. */
const keep = (state: State, cursor: string | undefined): string | undefined =>
  state.screen.name === 'walk' && state.screen.order[0] === cursor ? undefined : cursor;

/** `ServiceAccount home/frontend was changed by kubectl: 62 of 63 fail now.` */
function outsideMessage(before: State, after: State, {by, scan}: Extract<Event, {type: 'scanned'}>): State {
  if (before.scan === undefined || before.scan.framework.id !== scan.framework.id || isOwn(before))
    return after;
  const other = by.filter(({manager}) => manager !== 'kubekata');
  const one = other.find(({manager}) => manager !== undefined) ?? other[0];
  if (one === undefined) return after;
  const changed = scan.controls.filter((result) => {
    const old = resultOf(before, result.entry.id);
    return old !== undefined && (old.failed !== result.failed || old.all !== result.all);
  });
  if (changed.length === 0) return after;
  const current = currentControl(before);
  const told = changed.find(({entry}) => entry.id === current) ?? changed[0]!;
  const who = one.manager === undefined ? '' : ` by ${one.manager}`;
  const score = formatScore(scan.framework.scoring, scan.score);
  const where = told.entry.id === current ? '' : ` in ${told.entry.id}`;
  const what = `${describe(one.ref)} was ${one.gone ? 'deleted' : `changed${who}`}`;
  const more = other.length > 1 ? ` and ${other.length - 1} more` : '';
  return say(
    after,
    'same',
    `${what}${more}: ${told.failed} of ${told.all} fail now${where}, score ${score}.`,
  );
}

const isOwn = ({screen}: State): boolean =>
  screen.name === 'applying' && (screen as ApplyingScreen).phase !== 'failed';
