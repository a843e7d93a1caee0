import type {TuiOptions} from './options.ts';
import type {Screen, State} from './state.ts';

/** The state before anything happened. Where nothing is to be chosen, the only target is on its way already. */
export function initialState(options: TuiOptions, columns: number, rows: number): State {
  const {initial, choices} = options;
  const index = choices.findIndex(({name, kind}) => name === initial?.name && kind === initial.kind);
  const start: Screen = {name: 'start', cursor: Math.max(0, index)};
  return {
    columns,
    rows,
    choices: options.choices,
    notes: options.notes,
    hasStudy: options.study !== undefined,
    frameworks: options.frameworks.map(({id, title}) => ({id, title})),
    frameworkId: options.framework,
    readOnly: options.readOnly,
    guard: options.guard ?? false,
    version: options.version,
    theme: options.theme.theme,
    colourBlind: options.theme.colourBlind,
    now: Date.now(),
    connection: undefined,
    scan: undefined,
    firstScores: new Map(),
    trend: [],
    gainedFrom: undefined,
    details: new Map(),
    outdated: new Set(),
    gains: new Map(),
    lessons: new Map(),
    lessonIds: options.lessonIds,
    visited: new Set(),
    entries: [],
    access: undefined,
    alarm: undefined,
    below: initial && choices.length > 1 ? [start] : [],
    screen: initial ? {name: 'connecting', choice: initial} : start,
    overlay: undefined,
    message: undefined,
    history: [],
    tick: 0,
  };
}
