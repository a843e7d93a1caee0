import {formatScore} from '../engine/score.ts';
import {statusLines} from './components/status.ts';
import {crumbsOf} from './crumbs.ts';
import {hintsOf} from './keys.ts';
import {lineText} from './layout.ts';
import {bodyOf} from './screens/body.ts';
import {fixSentence} from './screens/walk-pane.ts';
import {resultOf} from './select.ts';
import {bodyHeight} from './sizes.ts';
import type {State} from './state.ts';

const words: readonly (readonly [RegExp, string])[] = [
  [/\[x\]/g, 'marked'],
  [/\[ \]/g, 'not marked'],
  [/✓/g, 'passed:'],
  [/✗/g, 'failed:'],
  [/(^|\s)!(?=\s)/g, '$1look closer:'],
  [/➜/g, 'to'],
  [/[╍╌⋅╏╎]+/g, ''],
  [/[╶╷╴╵]/g, ''],
  [/▸/g, 'selected:'],
  [/⋯/g, ''],
  [/(\d+) \| (\d+) \| (\d+) \| (\d+)%/g, '$1 failed, $2 excluded, $3 in all, $4 percent'],
];

const said = (text: string): string =>
  words
    .reduce((left, [pattern, word]) => left.replace(pattern, word), text)
    .replace(/ {2,}/g, '  ')
    .trim();

/** The screen for a screen reader: title, score, status, body, keys, one column, marks as words. */
export function speech(state: State): readonly string[] {
  const {connection, scan} = state;
  const kind =
    connection && {practice: 'practice cluster', live: 'LIVE cluster', files: 'files'}[connection.kind];
  const title = ['kubekata', ...(connection ? [`${kind} ${connection.name}`] : []), ...crumbsOf(state)].join(
    ', ',
  );
  const score =
    scan === undefined
      ? ''
      : ` Framework ${scan.framework.id}, score ${formatScore(scan.framework.scoring, scan.score)} of 100.`;
  const status = statusLines(state).map((one) => said(lineText(one)));
  const keys = hintsOf(state)
    .map(({key, label}) => `${key} ${label}`)
    .join(', ');
  const narrow = {...state, columns: 80, rows: Math.max(24, state.rows)};
  const body =
    state.screen.name === 'walk' && state.overlay === undefined
      ? walkWords(state)
      : bodyOf(narrow, bodyHeight(narrow)).map((one) => said(lineText(one)));
  return [`${title}.${score}`, ...status, ...body, `Keys: ${keys}.`].filter((text) => text !== '');
}

function walkWords(state: State): readonly string[] {
  const {screen, scan} = state;
  if (screen.name !== 'walk' || scan === undefined) return [];
  const count = (status: string): number => scan.controls.filter((one) => one.status === status).length;
  const head = `Walk, ${screen.by === 'score' ? 'lowest score first' : 'most gained first'}. ${count('failed')} controls fail, ${count('passed')} pass, ${count('notEvaluated')} are not evaluated.`;
  const result = screen.cursor === undefined ? undefined : resultOf(state, screen.cursor);
  if (result === undefined) return [head];
  const at = screen.order.indexOf(result.entry.id) + 1;
  return [
    head,
    `Control ${at} of ${screen.order.length}, selected: ${result.entry.id}, ${result.entry.title}.`,
    result.status === 'notEvaluated'
      ? `Not evaluated. ${result.reason ?? ''}`
      : `${result.failed} of ${result.all} objects fail, score ${Math.floor(result.compliance)} percent.`,
    said(fixSentence(state, result)),
  ];
}
