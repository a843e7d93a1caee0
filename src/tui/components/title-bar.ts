import {spacesText} from '../../engine/scope-text.ts';
import {formatScore} from '../../engine/score.ts';
import {plainText} from '../../engine/text.ts';
import {crumbsOf} from '../crumbs.ts';
import {GLYPHS} from '../glyphs.ts';
import {bad, bold, cutMiddle, dim, good, type Line, line, lineWidth, type Span, warn} from '../layout.ts';
import type {State} from '../state.ts';

/** Row 1: where you are at the left; framework, what is missing, score and its change at the right. */
export function titleBar(state: State): Line {
  const width = state.columns - 4;
  const {connection} = state;
  if (connection === undefined) {
    return line('  ', bold('kubekata'), ...crumbsOf(state).map((crumb) => ` ${GLYPHS.cursor} ${crumb}`));
  }
  const crumbs = crumbsOf(state);
  const variants = [
    {app: true, framework: true, crumbs},
    {app: false, framework: true, crumbs},
    {app: false, framework: false, crumbs},
    ...(crumbs.length > 1 ? [{app: false, framework: false, crumbs: crumbs.slice(-1)}] : []),
  ];
  for (const one of variants) {
    const left = leftPart(state, one.app, connection.name, one.crumbs);
    const right = rightPart(state, one.framework);
    if (lineWidth(left) + lineWidth(right) + 2 <= width) return joined(left, right, width);
  }
  const right = rightPart(state, false);
  const shortest = leftPart(state, false, '', crumbs.slice(-1));
  const room = Math.max(4, width - lineWidth(right) - 2 - lineWidth(shortest));
  return joined(leftPart(state, false, cutMiddle(connection.name, room), crumbs.slice(-1)), right, width);
}

function joined(left: Line, right: Line, width: number): Line {
  const gap = Math.max(1, width - lineWidth(left) - lineWidth(right));
  return ['  ', ...left, ' '.repeat(gap), ...right].map(
    (part): Span => (typeof part === 'string' ? {text: part} : part),
  );
}

function leftPart(state: State, app: boolean, name: string, crumbs: readonly string[]): Line {
  const {connection} = state;
  if (connection === undefined) return [];
  const kind = connection.kind === 'live' ? warn('LIVE') : connection.kind;
  return line(
    app && bold('kubekata'),
    app && '  ',
    name,
    ' (',
    kind,
    connection.readOnly && ', read-only',
    ')',
    state.scan?.scope && ` ${plainText(spacesText(state.scan.scope))}`,
    ...crumbs.flatMap((crumb) => [dim(` ${GLYPHS.cursor} `), crumb]),
  );
}

function rightPart(state: State, framework: boolean): Line {
  const {scan, connection} = state;
  if (scan === undefined) return [];
  const {scoring} = scan.framework;
  const loading = connection?.status === 'loading';
  const missing = [
    scan.notEvaluated > 0 && !loading && `${scan.notEvaluated} not evaluated`,
    scan.incomplete.length > 0 && `${scan.incomplete.length} not read`,
  ].filter((part) => part !== false);
  const score = formatScore(scoring, scan.score);
  const first = state.firstScores.get(scan.framework.id);
  const change = loading ? '' : changeText(scoring, first, scan.score);
  return line(
    framework && dim(scan.framework.id),
    framework && missing.length > 0 && '   ',
    missing.length > 0 && warn(missing.join(', ')),
    (framework || missing.length > 0) && '    ',
    loading ? dim('-') : bold(score),
    change !== '' && '  ',
    change.startsWith('-') ? bad(change) : good(change),
  );
}

/** `+2`, `-0.5`: the difference of two scores as they are shown; empty without one. */
export function changeText(
  scoring: 'mean' | 'sum',
  from: number | undefined,
  to: number | undefined,
): string {
  if (from === undefined || to === undefined) return '';
  const shown = Number(formatScore(scoring, to)) - Number(formatScore(scoring, from));
  if (Math.abs(shown) < 0.05) return '';
  const text = scoring === 'sum' ? String(Math.abs(shown)) : Math.abs(shown).toFixed(1);
  return shown > 0 ? `+${text}` : `-${text}`;
}
