import {colourDepth} from '../tui/theme.ts';
import type {DisplayOptions} from './invocation.ts';

/** Asks for the background, then for what every terminal answers: the second answer ends the wait for the first. */
const question = '\u001B]11;?\u001B\\\u001B[c';
const background =
  /\u001B\]11;rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})[^\u0007\u001B]*(?:\u0007|\u001B\\)/i;
const attributes = /\u001B\[\?[\d;]*c/;
const begun = /\u001B(?:\](?:1(?:1(?:;[^\u0007\u001B]{0,40}\u001B?)?)?)?|\[(?:\?[\d;]{0,40})?)?$/;

/** Milliseconds after the question for which the first frame waits. */
const patience = 50;

/** What the screens need of a terminal to ask it. */
export type AskedTerminal = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
};

export type Background = 'dark' | 'light';

/** Takes the answers of the terminal out of what is typed, also late ones and those in pieces. */
export class AnswerFilter {
  #held = '';
  /** While nobody acts on keys yet, an Esc alone may be the begin of an answer; later it is the key. */
  isWaiting = true;
  background: Background | undefined;
  isDone = false;

  /** What a person typed of it. */
  take(chunk: string): string {
    let text = this.#held + chunk;
    this.#held = '';
    const found = background.exec(text);
    if (found) {
      this.background ??= brightness(found.slice(1, 4));
      text = text.replace(background, '');
    }
    if (attributes.test(text)) {
      this.isDone = true;
      text = text.replace(attributes, '');
    }
    const start = begun.exec(text)?.[0];
    if (this.isDone || start === undefined || (start.length === 1 && !this.isWaiting)) return text;
    this.#held = start;
    return text.slice(0, -start.length);
  }

  /** Ends the wait. Returns an Esc that no answer followed: it was typed. */
  endWait(): string {
    this.isWaiting = false;
    if (this.#held.length !== 1) return '';
    this.#held = '';
    return '\u001B';
  }
}

/** Each channel has one to four hex digits. */
function brightness(channels: readonly string[]): Background {
  const [red = 0, green = 0, blue = 0] = channels.map((one) => {
    const value = Number.parseInt(one, 16) / (16 ** one.length - 1);
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  // Half way between black and white as the eye sees it.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.184 ? 'light' : 'dark';
}

/** Whether there is something to learn, and somebody to answer. */
export const isAsked = (
  {theme, screenReader}: Pick<DisplayOptions, 'theme' | 'screenReader'>,
  {stdin, stdout}: AskedTerminal,
  env: NodeJS.ProcessEnv,
): boolean =>
  theme === 'auto' &&
  !screenReader &&
  env.INK_SCREEN_READER !== 'true' &&
  stdin.isTTY === true &&
  stdout.isTTY === true &&
  !/^(?:dumb|linux|vt\d*)$/.test(env.TERM || 'dumb') &&
  ['256', 'truecolor'].includes(colourDepth(env));

/**
 * Asks the terminal whether it is dark or light where no theme was chosen, and returns what waits for the answer: for a
 * moment only, undefined without one. What it answers never comes to the screens as keys; keys that were typed do.
 */
export function askBackground(
  display: Pick<DisplayOptions, 'theme' | 'screenReader'>,
  terminal: AskedTerminal,
  env: NodeJS.ProcessEnv,
): () => Promise<Background | undefined> {
  if (!isAsked(display, terminal, env)) return async () => undefined;
  const {stdin, stdout} = terminal;
  const asked = Date.now();
  const filter = new AnswerFilter();
  const read = stdin.read.bind(stdin);
  stdin.setEncoding('utf8');
  stdin.setRawMode(true);
  stdin.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    return typeof chunk === 'string' && !filter.isDone ? filter.take(chunk) : chunk;
  };
  stdout.write(question);
  let answer: Promise<Background | undefined> | undefined;
  return () => {
    answer ??= waited(stdin, filter, Math.max(0, asked + patience - Date.now()));
    return answer;
  };
}

function waited(
  stdin: NodeJS.ReadStream,
  filter: AnswerFilter,
  time: number,
): Promise<Background | undefined> {
  return new Promise((resolve) => {
    let typed = '';
    let isOver = false;
    const look = (): void => {
      for (let chunk: unknown = stdin.read(); chunk !== null; chunk = stdin.read()) typed += String(chunk);
      if (filter.isDone) end();
    };
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      stdin.off('readable', look);
      typed += filter.endWait();
      if (typed !== '') stdin.unshift(typed, 'utf8');
      resolve(filter.background);
    };
    // At least one turn: what is there already was not read while modules were loaded.
    const timer = setTimeout(() => setImmediate(end), time);
    stdin.on('readable', look);
  });
}
