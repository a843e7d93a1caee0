import {GLYPHS} from '../glyphs.ts';
import {accent, bold, dim, EMPTY, ends, type Line, line, type Span, warn, wrap} from '../layout.ts';
import {visibleControls} from '../lists.ts';
import {visibleRows} from '../select.ts';
import type {Accepting, Overlay, State} from '../state.ts';
import {attestLines} from './attest.ts';
import {marked, markSpan} from './marks.ts';

/** The row above the keys: a message, a question or what is typed; work at its right end. Long ones wrap upwards. */
export function statusLines(state: State): readonly Line[] {
  const width = state.columns - 4;
  const {overlay, message, connection} = state;
  const work = workText(state);
  if (overlay !== undefined) {
    const shown = overlayLines(state, overlay, width);
    if (shown !== undefined) return shown;
  }
  if (message !== undefined) {
    const mark = message.mark === 'none' ? undefined : markSpan(message.mark);
    const lines = wrap(message.text, width - 2 - (work === '' ? 0 : work.length + 2));
    return lines.map((text, index) => {
      const left = line(index === 0 ? (mark ?? ' ') : ' ', ' ', text);
      const last = index === lines.length - 1 && work !== '';
      return line('  ', ...(last ? ends(left, [dim(work)], width) : left));
    });
  }
  if (connection?.status === 'lost') {
    return wrap(`${connection.lost} ctrl-r tries now. Applying waits until it is back.`, width - 2).map(
      (text, index) => line('  ', index === 0 ? warn(GLYPHS.look) : ' ', ' ', text),
    );
  }
  if (state.alarm && ['walk', 'changes', 'applying', 'control'].includes(state.screen.name)) {
    return marked(markSpan('failed'), state.alarm.text, width).map((one) => line('  ', ...one));
  }
  if (work !== '') return [line('  ', ...ends(EMPTY, [dim(work)], width))];
  return [line('  ', ...notice(state, width))];
}

/** What runs, with a spinner that turns. */
function workText(state: State): string {
  const spinner = GLYPHS.spinner[state.tick % GLYPHS.spinner.length]!;
  const {connection, screen} = state;
  if (connection?.status === 'loading') return `${spinner} ${connection.progress}`;
  if (screen.name === 'preview' && screen.phase.is === 'asking') return `${spinner} asking the server`;
  if (screen.name === 'changes' && screen.undo.is === 'asking') return `${spinner} asking the server`;
  if (screen.name === 'connecting') return `${spinner} connecting`;
  return '';
}

/** What is worth knowing while nothing else is said. */
function notice(state: State, width: number): Line {
  const {connection, screen} = state;
  if (screen.name !== 'walk' || connection === undefined) return EMPTY;
  const text =
    connection.kind === 'practice'
      ? 'The practice cluster runs inside kubekata. Nothing here can break your own.'
      : connection.kind === 'live'
        ? `You read ${connection.name}. Nothing is written before you confirm it.`
        : 'Files are read as they are. Nothing is written before you confirm it.';
  return text.length <= width && state.below.length <= 1 && state.rows >= 40 ? line(dim(text)) : EMPTY;
}

function overlayLines(state: State, overlay: Overlay, width: number): readonly Line[] | undefined {
  const input = (label: string, text: string): Line => line('  ', accent(label), text, accent('_'));
  switch (overlay.name) {
    case 'filter': {
      const found = filterCount(state);
      return [line('  ', ...ends(line(accent('/ '), overlay.text, accent('_')), [dim(found)], width))];
    }
    case 'command':
      return [input(':', overlay.text)];
    case 'folder':
      return [input('Path of the folder: ', overlay.text)];
    case 'confirm': {
      const asked = overlay.wants === 'yes' ? `${overlay.question} y n` : overlay.question;
      const room = overlay.wants === 'yes' ? width : width - overlay.word.length - 2;
      const lines = wrap(asked, room);
      return lines.map((text, index) => {
        const typed: readonly Span[] =
          index === lines.length - 1 && overlay.wants === 'word'
            ? [{text: ' '}, {text: `${overlay.text}_`, role: 'warn', bold: true}]
            : [];
        return line('  ', warn(text), ...typed);
      });
    }
    case 'quit': {
      const {screen} = state;
      const steps = screen.name === 'applying' ? screen.steps : [];
      const done = steps.filter(({state: one}) => one === 'written').length;
      return [line('  ', warn(`A change is being applied: ${done} of ${steps.length} objects are written.`))];
    }
    case 'accept':
      return acceptLines(state, overlay, width);
    case 'attest':
      return attestLines(overlay, width);
    case 'help':
      return undefined;
  }
}

function acceptLines({screen, scan}: State, overlay: Accepting, width: number): readonly Line[] {
  const {what, field, reason, until, covers, count} = overlay;
  const row = (label: string, text: string, chosen: boolean, note: string): Line =>
    line('  ', dim(label.padEnd(9)), text, chosen && accent('_'), note !== '' && dim(`   ${note}`));
  const result =
    screen.name === 'control' ? scan?.controls.find(({entry}) => entry.id === screen.id) : undefined;
  const end = /^\d/.test(until)
    ? 'on the day after it they fail again'
    : until === 'never'
      ? 'without an end'
      : '';
  return [
    line('  ', bold(`Accept ${what}`)),
    EMPTY,
    row('Reason', reason, field === 'reason', reason === '' ? 'who reads it later wants to know why' : ''),
    row('Until', until, field === 'until', end),
    row(
      'Written',
      'kubekata.yaml in this folder',
      false,
      covers.length === 1 ? '1 entry' : `${covers.length} entries`,
    ),
    EMPTY,
    ...wrap(
      `${count === 1 ? 'It moves' : 'They move'} from Failed to Excluded and ${count === 1 ? 'counts' : 'count'} as passed${result ? `: ${result.failed} ➜ ${Math.max(0, result.failed - count)} failing` : ''}.`,
      width,
    ).map((text) => line('  ', text)),
  ];
}

function filterCount(state: State): string {
  const {screen} = state;
  if (screen.name === 'walk') {
    const all = screen.order.length;
    return `${visibleControls(state, screen).length} of ${all}, in names, lessons and object names`;
  }
  if (screen.name === 'control') {
    const detail = state.details.get(screen.id);
    return `${visibleRows(screen, detail).length} of ${detail?.rows.length ?? 0}`;
  }
  return '';
}
