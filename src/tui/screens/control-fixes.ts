import type {FixKind} from '../../engine/change.ts';
import {scoreArrow} from '../components/forecast.ts';
import {
  bold,
  cutLine,
  cutMiddle,
  dim,
  type Line,
  line,
  padEnd,
  padStart,
  plural,
  widthOf,
  wrap,
} from '../layout.ts';
import {chosenKeys, fixesFor, kindOf} from '../select.ts';
import type {Approach, ControlScreen, Detail, State} from '../state.ts';

const mostApproaches = 4;
const kindWidth = 9;
const narrowest = 62;

/** What can be done about the marked objects: the field, the choices of fixes, the steps of one that is by hand. */
export function fixLines(
  state: State,
  screen: ControlScreen,
  detail: Detail,
  width: number,
): readonly Line[] {
  const keys = chosenKeys(screen, detail);
  const approach = detail.approaches[screen.approach];
  const shown = detail.approaches.slice(0, mostApproaches);
  const name = Math.min(30, Math.max(0, ...shown.map((one) => one.name.length)));
  const choices = shown.flatMap((one, index) =>
    choiceLines(one, index, index === screen.approach, keys, name, width, isShort(state, shown.length)),
  );
  return [
    headLine(state, screen, detail, width),
    ...choices,
    ...stepLines(stepsFor(approach, keys), width),
  ].map((one) => cutLine(one, width + 2));
}

function headLine(state: State, screen: ControlScreen, detail: Detail, width: number): Line {
  const count = screen.marks.size > 0 ? plural(screen.marks.size, 'marked', 'marked') : 'this one';
  const keys = chosenKeys(screen, detail);
  const approach = detail.approaches[screen.approach];
  const reached = fixesFor(approach, keys).length > 0;
  const effect = screen.forecast && reached ? `, ${scoreArrow(state, screen.forecast)}` : '';
  const head =
    approach === undefined
      ? 'No fix is known here: the lesson tells what to do.'
      : approach.kind === 'manual'
        ? 'By hand:'
        : reached
          ? `Fix for ${count}${effect}:`
          : `Fix ${screen.approach + 1} does not reach ${count}.`;
  const row = detail.rows.find(({key}) => key === screen.cursor) ?? detail.rows[0];
  const [field, ...others] = row?.fields ?? [];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const room = width - widthOf(head) - 8 - more.length;
  const text = field === undefined || room < 12 ? '' : `Field ${cutMiddle(field, room)}${more}. `;
  return line('  ', text, head);
}

/** Whether a line is all that a choice gets, so that the objects keep their rows. */
const isShort = (state: State, choices: number): boolean => state.rows < 30 && choices > 2;

/** Name, kind and, for the chosen one, all its words: below each other where it is narrow. */
function choiceLines(
  approach: Approach,
  index: number,
  chosen: boolean,
  keys: ReadonlySet<string>,
  name: number,
  width: number,
  short: boolean,
): readonly Line[] {
  const number = chosen ? bold(`[${index + 1}] `) : ` ${index + 1}  `;
  const head = line(
    '  ',
    number,
    padEnd(approach.name, name),
    '  ',
    dim(padEnd(kindFor(approach, keys), kindWidth)),
  );
  const summary = fixesFor(approach, keys)[0]?.summary ?? approach.summary;
  if (width < narrowest) {
    return chosen && !short
      ? [
          head,
          ...wrap(summary, width - 4)
            .slice(0, 2)
            .map((text) => line('      ', text)),
        ]
      : [head];
  }
  const indent = 4 + name + 2 + kindWidth + 2;
  const [first = '', ...rest] = wrap(summary, Math.max(16, width - indent)).slice(
    0,
    chosen && !short ? 3 : 1,
  );
  return [line(...head, '  ', first), ...rest.map((text) => line('  ', ' '.repeat(indent), text))];
}

/** The kind of an approach for what is chosen; where that is out of its reach, for all that it clears. */
function kindFor(approach: Approach, keys: ReadonlySet<string>): FixKind {
  const fixes = fixesFor(approach, keys);
  return fixes.length === 0 ? approach.kind : kindOf(fixes);
}

/** What a person does by hand for an object, in order; nothing for fixes that are applied. */
export function stepsFor(approach: Approach | undefined, keys: ReadonlySet<string>): readonly string[] {
  if (approach?.kind !== 'manual') return [];
  for (const key of keys) {
    const steps = approach.byKey.get(key)?.[0]?.steps;
    if (steps !== undefined) return steps;
  }
  return approach.steps;
}

const stepLines = (steps: readonly string[], width: number): readonly Line[] =>
  steps.flatMap((step, index) =>
    wrap(step, width - 4).map((text, at) =>
      line('  ', at === 0 ? dim(padStart(`${index + 1}`, 2)) : '  ', '  ', text),
    ),
  );
