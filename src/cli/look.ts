import {toAscii} from '../tui/glyphs.ts';
import {colourDepth, makePaint, type Paint} from '../tui/theme.ts';

/** What a stream can show. */
export type Look = {
  readonly paint: Paint;
  readonly colour: boolean;
  /** Whether it is a terminal with glyphs; else text stays ASCII. */
  readonly glyphs: boolean;
  readonly columns: number;
  ascii(text: string): string;
};

type Stream = {readonly isTTY?: boolean; readonly columns?: number};
type Environment = Readonly<Record<string, string | undefined>>;

/** FORCE_COLOR goes before NO_COLOR; else a terminal has colour, and nothing else has. */
export function lookOf(stream: Stream, environment: Environment): Look {
  const forced = environment.FORCE_COLOR;
  const isForced = forced !== undefined && forced !== '0' && forced !== 'false';
  const depth = isForced
    ? depthOf(forced, environment)
    : stream.isTTY && forced === undefined
      ? colourDepth(environment)
      : 'none';
  const glyphs = stream.isTTY === true && showsGlyphs(environment);
  return {
    paint: depth === 'none' ? (text) => text : makePaint({theme: 'auto', colourBlind: false, depth}),
    colour: depth !== 'none',
    glyphs,
    columns: stream.columns ?? 80,
    ascii: (text) => (glyphs ? text : toAscii(text)),
  };
}

function depthOf(forced: string, environment: Environment): '16' | '256' | 'truecolor' {
  if (forced === '3') return 'truecolor';
  if (forced === '2') return '256';
  const found = colourDepth({...environment, NO_COLOR: undefined});
  return forced === '1' || found === 'none' ? '16' : found;
}

/** The Linux console, `dumb`, and locales without UTF-8 get ASCII. */
function showsGlyphs({TERM, LC_ALL, LC_CTYPE, LANG}: Environment): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8';
  return TERM !== 'linux' && TERM !== 'dumb' && /utf-?8/i.test(locale);
}
