import {isKeptForExam} from '../../../learn/exam.ts';
import {practised, withAttempt} from '../../../learn/progress.ts';
import {today} from '../select.ts';
import {
  type AnyCard,
  type CardsScreen,
  type DrillScreen,
  drillOf,
  type Message,
  type Screen,
  type State,
  type Update,
} from '../state.ts';

/** The state with a screen on top of the one that is shown. */
export const push = (state: State, screen: Screen): State => ({
  ...state,
  screen,
  below: [...state.below, state.screen],
  overlay: undefined,
});

export const withMessage = (state: State, mark: Message['mark'], text: string): State => ({
  ...state,
  message: {mark, text},
});

/** The screen below; at the study home it stays. */
export function back(state: State): Update {
  const {screen} = state;
  if (screen.name === 'welcome') return placed(state);
  if (screen.name === 'drill') return leaveDrill(state, screen);
  const below = state.below.at(-1);
  if (below === undefined) return [state];
  return [{...state, screen: below, below: state.below.slice(0, -1), overlay: undefined}];
}

export function quit(state: State): Update {
  const {screen} = state;
  const {progress} = state;
  // What is left of an exam's time is written down.
  if (screen.name !== 'drill') {
    return [state, ...(progress.exam ? [{do: 'save', progress} as const] : []), {do: 'quit'}];
  }
  const [left, ...commands] = leaveDrill(state, screen);
  return [left, ...commands, {do: 'quit'}];
}

/** The home, from the first visit on. */
export function placed(state: State): Update {
  const progress = {...state.progress, placed: true};
  return [
    {...state, progress, screen: {name: 'home', cursor: 0}, below: [], overlay: undefined},
    {do: 'save', progress},
  ];
}

export const drillScreen = (drill: string, clock: boolean): DrillScreen => ({
  ...{name: 'drill', drill, phase: 'waiting', problem: '', results: undefined},
  ...{hints: 0, shown: false, solution: undefined, startedAt: 0, solvedAt: undefined},
  ...{tab: 'task', scroll: 0, clock, happened: []},
});

/** Sets a drill up and shows it; the one that is open is left. */
export function openDrill(state: State, drill: string): Update {
  const {screen} = state;
  if (state.cluster.is === 'failed') return [withMessage(state, 'failed', state.cluster.message)];
  const wanted = drillOf(state, drill);
  if (wanted && isKeptForExam(wanted, state.progress.exam, state.content.drills)) {
    const text = `${wanted.title} waits until the exam is handed in: it is one of its tasks, or works on the same node files.`;
    return [withMessage(state, 'look', text)];
  }
  const [from, ...commands] = screen.name === 'drill' ? leaveDrill(state, screen) : [state];
  const clock = screen.name === 'drill' ? screen.clock : true;
  return [push(from, drillScreen(drill, clock)), ...commands, {do: 'set-up', drill}];
}

/** Back from a drill: the attempt is kept, and what it made in the cluster is taken away. */
function leaveDrill(state: State, screen: DrillScreen): Update {
  const below = state.below.at(-1) ?? {name: 'home', cursor: 0};
  const left: State = {...state, screen: below, below: state.below.slice(0, -1), overlay: undefined};
  if (screen.phase !== 'working') return [left, {do: 'take-away', drill: screen.drill}];
  const progress = screen.solvedAt === undefined ? attempted(left, screen) : left.progress;
  return [
    {...left, progress},
    {do: 'take-away', drill: screen.drill},
    ...(progress === state.progress ? [] : [{do: 'save', progress} as const]),
  ];
}

/** The progress with an attempt that ends now. One that met nothing and took no minute is none. */
export function attempted(state: State, screen: DrillScreen) {
  const met = (screen.results ?? []).filter(({passed}) => passed).length;
  const seconds = Math.round(((screen.solvedAt ?? state.now) - screen.startedAt) / 1000);
  if (met === 0 && seconds < 60 && screen.hints === 0) return state.progress;
  const now = new Date(state.now);
  return withAttempt(
    state.progress,
    screen.drill,
    {
      at: now.toISOString(),
      seconds,
      hints: screen.hints,
      shown: screen.shown,
      met,
      of: screen.results?.length ?? 0,
      exam: false,
    },
    now,
  );
}

export const cardsScreen = (queue: readonly AnyCard[], placing: boolean): CardsScreen => ({
  ...{name: 'cards', queue, index: 0, marked: new Set(), side: 'front', placing, right: 0, scroll: 0},
});

/** To one of the parts of the study mode, from anywhere. */
export function go(state: State, where: 'cards' | 'list' | 'exam' | 'domains'): Update {
  switch (where) {
    case 'cards': {
      const {cards} = today(state);
      if (cards.length === 0) {
        return [withMessage(state, 'passed', 'No card is due now. The next ones come tomorrow.')];
      }
      return [push(state, cardsScreen(cards, false))];
    }
    case 'list':
      return [push(state, {name: 'list', cursor: 0, top: 0, filter: ''})];
    case 'exam': {
      if (state.progress.exam) return openExam(state);
      return [push(state, {name: 'exam-choice', cursor: 0})];
    }
    case 'domains':
      return [push(state, {name: 'domains', cursor: 1, top: 0})];
  }
}

/** Goes on with the exam of the progress. */
export function openExam(state: State): Update {
  const {exam} = state.progress;
  if (exam === null) return [state];
  if (state.cluster.is === 'failed') return [withMessage(state, 'failed', state.cluster.message)];
  return [
    push(state, {name: 'exam', phase: 'waiting', problem: '', cursor: 0, scroll: 0}),
    {do: 'start-exam', exam},
  ];
}

export const practisedNow = (state: State) => practised(state.progress, new Date(state.now));
