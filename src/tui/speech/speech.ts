import {formatScore} from '../../engine/score.ts';
import {plainText} from '../../engine/text.ts';
import {completions} from '../command-line.ts';
import {hintsNow} from '../components/footer.ts';
import {statusLines} from '../components/status.ts';
import {changeText} from '../components/title-bar.ts';
import {crumbsOf} from '../crumbs.ts';
import {helpBody} from '../screens/help.ts';
import {textRows} from '../screens/text.ts';
import type {State, TextScreen} from '../state.ts';
import {applyingWords, previewWords} from './change.ts';
import {controlWords} from './control.ts';
import {changesWords, domainsWords, resultWords, startWords, walkWords} from './lists.ts';
import {place, saidLines} from './words.ts';

/** The screen for a screen reader: title, score, status, body, keys, one column, marks as words. */
export function speech(state: State): readonly string[] {
  // Wide, so that nothing is cut or wrapped: the reader does that.
  const wide = {...state, columns: 1000};
  return [
    titleWords(state),
    ...saidLines(statusLines(wide)),
    ...bodyWords(state),
    `Keys: ${hintsNow(state)
      .map(({key, label}) => `${key} ${label}`)
      .join(', ')}.`,
  ].filter((text) => text !== '');
}

function titleWords(state: State): string {
  const {connection, scan} = state;
  const kind =
    connection && {practice: 'practice cluster', live: 'LIVE cluster', files: 'files'}[connection.kind];
  const readOnly = connection?.readOnly ? ['read-only'] : [];
  const place = connection ? [`${kind} ${connection.name}`, ...readOnly] : [];
  const title = ['kubekata', ...place, ...crumbsOf(state)].join(', ');
  if (scan === undefined) return `${title}.`;
  const {id, scoring} = scan.framework;
  const change = changeText(scoring, state.firstScores.get(id), scan.score);
  const missing = [
    scan.scope &&
      `Only ${scan.scope.length === 1 ? 'namespace' : 'namespaces'} ${scan.scope.map(plainText).join(', ')}.`,
    scan.incomplete.length > 0 && `${scan.incomplete.length} not read.`,
  ].filter((text) => text !== false && text !== undefined);
  return [
    `${title}. Framework ${id}, score ${formatScore(scoring, scan.score)} of 100${change === '' ? '' : `, ${change} since the start`}.`,
    ...missing,
  ].join(' ');
}

/** What the keys act on now; a question on top of a screen is read with the status. */
function bodyWords(state: State): readonly string[] {
  const {overlay, screen} = state;
  switch (overlay?.name) {
    case 'help':
      return saidLines(helpBody({...state, columns: 80, rows: 200}, {...overlay, top: 0}, 195));
    case 'command':
      return commandWords(state, overlay.text, overlay.cursor);
    case undefined:
    case 'filter':
      break;
    default:
      return [];
  }
  switch (screen.name) {
    case 'start':
      return startWords(state, screen);
    case 'connecting':
      return [`Opening ${screen.choice.name}, ${screen.choice.detail}.`];
    case 'trouble':
      return [`failed: ${screen.title}`, ...screen.details, 'Nothing was changed.'];
    case 'walk':
      return walkWords(state, screen);
    case 'control':
      return controlWords(state, screen);
    case 'preview':
      return previewWords(state, screen);
    case 'applying':
      return applyingWords(screen);
    case 'result':
      return resultWords(state, screen);
    case 'changes':
      return changesWords(state, screen);
    case 'domains':
      return domainsWords(state, screen);
    case 'text':
      return textWords(state, screen);
  }
}

function commandWords(state: State, text: string, cursor: number): readonly string[] {
  const found = completions(state, text);
  const one = found[cursor];
  return one
    ? [`${place('Completion', cursor, found.length)}: ${one.text}, ${one.help}.`]
    : ['No completion.'];
}

const mostText = 40;

function textWords(state: State, screen: TextScreen): readonly string[] {
  const rows = textRows({...state, columns: 1000}, screen);
  const top = Math.max(0, Math.min(screen.top, rows.length - 1));
  const last = Math.min(rows.length, top + mostText);
  const position =
    rows.length > mostText ? ` Lines ${top + 1} to ${last} of ${rows.length}, j reads on.` : '';
  return [
    `${screen.title}${screen.title.endsWith('.') ? '' : '.'}${position}`,
    ...saidLines(rows.slice(top, last)),
  ];
}
