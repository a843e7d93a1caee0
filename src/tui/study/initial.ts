import type {StudyOptions} from './options.ts';
import type {State} from './state.ts';

/** The study home; on the first visit what there is to do. */
export function initialState(options: StudyOptions, columns: number, rows: number): State {
  const {content, lessons, progress} = options;
  return {
    columns,
    rows,
    now: options.now?.() ?? Date.now(),
    tick: 0,
    content,
    lessons,
    progress,
    outline: 'today',
    cluster: {is: 'opening'},
    suggestion: undefined,
    own: [],
    changed: new Set(),
    screen: progress.placed ? {name: 'home', cursor: 0} : {name: 'welcome'},
    below: [],
    overlay: undefined,
    message: undefined,
  };
}
