import {GLYPHS} from '../glyphs.ts';
import {bold, cut, cutMiddle, dim, EMPTY, type Line, line, padEnd, select, widthOf, wrap} from '../layout.ts';
import type {TargetChoice} from '../options.ts';
import {contentWidth, isNarrow, PROSE} from '../sizes.ts';
import type {StartScreen, State} from '../state.ts';

const heads = {practice: 'Practice', live: 'Live clusters', files: 'Files'} as const;
const notes = {
  practice: '',
  live: 'only read until you confirm a change',
  files: '',
} as const;

/** What can be opened: the practice cluster, contexts, folders. */
export function startBody(state: State, screen: StartScreen, height: number): readonly Line[] {
  const width = Math.min(contentWidth(state), PROSE);
  const name = Math.min(22, Math.max(14, ...state.choices.map((choice) => widthOf(choice.name))));
  const lines: Line[] = [
    ...wrap(
      "Walk a cluster's controls from the weakest, learn why each one matters, and fix what you understand.",
      width,
    ).map((text) => line('  ', text)),
  ];
  let cursorRow = 0;
  for (const kind of ['practice', 'live', 'files'] as const) {
    const choices = state.choices.flatMap((choice, index) => (choice.kind === kind ? [{choice, index}] : []));
    if (choices.length === 0 && kind !== 'files') continue;
    lines.push(EMPTY, line('  ', bold(heads[kind]), notes[kind] && dim(`   ${notes[kind]}`)));
    for (const {choice, index} of choices) {
      if (index === screen.cursor) cursorRow = lines.length;
      lines.push(choiceLine(state, choice, index === screen.cursor, name, width));
      if (kind === 'practice') {
        const text = 'Runs inside kubekata. Nothing to install, nothing to break.';
        lines.push(line('  ', ' '.repeat(name + 2), dim(cut(text, width - name - 2))));
      }
    }
    if (kind !== 'files') continue;
    const chosen = screen.cursor === state.choices.length;
    if (chosen) cursorRow = lines.length;
    lines.push(plainLine('another folder', 'type its path', chosen, name, width));
  }
  if (state.hasStudy) {
    const chosen = screen.cursor > state.choices.length;
    lines.push(EMPTY, line('  ', bold('Study for the CKS')));
    if (chosen) cursorRow = lines.length;
    const text = 'cards, one drill, one control: about 15 minutes';
    lines.push(plainLine('today', text, chosen, name, width));
  }
  for (const note of state.notes) {
    lines.push(EMPTY, ...wrap(note, width).map((text) => line('  ', text)));
  }
  const top = Math.max(0, Math.min(cursorRow - height + 3, lines.length - height));
  return lines.slice(top);
}

function plainLine(title: string, text: string, chosen: boolean, name: number, width: number): Line {
  const row = line(
    chosen ? GLYPHS.cursor : ' ',
    ' ',
    {text: padEnd(title, name), ...(chosen ? {bold: true} : {})},
    '  ',
    dim(cut(text, width - name - 2)),
  );
  return chosen ? select(row, width + 2) : row;
}

function choiceLine(state: State, choice: TargetChoice, chosen: boolean, name: number, width: number): Line {
  const last = choice.last ?? (choice.kind === 'practice' ? '' : 'not scanned yet');
  const showLast = !isNarrow(state) && last !== '';
  const room = width - name - 2 - (showLast ? widthOf(last) + 2 : 0);
  const row = line(
    chosen ? GLYPHS.cursor : ' ',
    ' ',
    {text: padEnd(cutMiddle(choice.name, name), name), ...(chosen ? {bold: true} : {})},
    '  ',
    padEnd(cutMiddle(choice.detail, room), room),
    showLast && '  ',
    showLast && dim(last),
  );
  return chosen ? select(row, width + 2) : row;
}
