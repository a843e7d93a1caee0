import type {Block, Inline} from './markdown.ts';

export type SpanStyle = 'heading' | 'code' | 'strong' | 'dim' | 'good' | 'bad' | 'accent';
export type Span = {readonly text: string; readonly style?: SpanStyle};
/** One row of a screen; every character in it is one column wide. */
export type Line = readonly Span[];

export const span = (text: string, style?: SpanStyle): Span => (style ? {text, style} : {text});
export const widthOf = (line: Line): number => line.reduce((sum, {text}) => sum + text.length, 0);
export const textOf = (line: Line): string => line.map(({text}) => text).join('');

/** The line with spaces behind it up to a width. */
export function padLine(line: Line, width: number): Line {
  const missing = width - widthOf(line);
  return missing > 0 ? [...line, span(' '.repeat(missing))] : line;
}

type Word = readonly Span[];

const styleOf = (run: Inline): SpanStyle | undefined =>
  run.kind === 'text' ? undefined : run.kind === 'link' ? 'accent' : run.kind;

/** Words are what stands between blanks: `code` and the full stop behind it stay together. */
function wordsOf(content: readonly Inline[]): readonly Word[] {
  const words: Span[][] = [[]];
  for (const run of content) {
    const text = run.kind === 'link' && run.text !== run.url ? `${run.text} (${run.url})` : run.text;
    for (const [index, part] of text.split(/\s+/).entries()) {
      if (index > 0) words.push([]);
      if (part !== '') words.at(-1)!.push(span(part, styleOf(run)));
    }
  }
  return words.filter((word) => word.length > 0);
}

/** Cuts a word that no line can hold, behind a slash or comma where there is one. */
function splitWord(word: Word, room: number): readonly [Word, Word] {
  const text = textOf(word);
  const head = text.slice(0, room);
  const at = Math.max(head.lastIndexOf('/'), head.lastIndexOf(',')) + 1 || room;
  const before: Span[] = [];
  const after: Span[] = [];
  let seen = 0;
  for (const piece of word) {
    const cut = Math.min(Math.max(at - seen, 0), piece.text.length);
    if (cut > 0) before.push({...piece, text: piece.text.slice(0, cut)});
    if (cut < piece.text.length) after.push({...piece, text: piece.text.slice(cut)});
    seen += piece.text.length;
  }
  return [before, after];
}

/** Puts a blank and a word behind a line; neighbours of one style become one span. */
function join(line: readonly Span[], word: Word): Span[] {
  if (line.length === 0) return [...word];
  const last = line.at(-1)!;
  const [first, ...rest] = word;
  if (last.style === first!.style) {
    return [...line.slice(0, -1), {...last, text: `${last.text} ${first!.text}`}, ...rest];
  }
  if (last.style === undefined) return [...line.slice(0, -1), span(`${last.text} `), ...word];
  return first!.style === undefined
    ? [...line, span(` ${first!.text}`), ...rest]
    : [...line, span(' '), ...word];
}

/** Wraps text to a width of at least one column. */
export function wrap(content: readonly Inline[], width: number): readonly Line[] {
  const lines: Span[][] = [[]];
  const queue = [...wordsOf(content)];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const line = lines.at(-1)!;
    const used = line.length === 0 ? 0 : widthOf(line) + 1;
    if (used + widthOf(word) <= width) {
      lines[lines.length - 1] = join(line, word);
    } else if (widthOf(word) > width && width - used >= Math.min(width, 8)) {
      const [head, tail] = splitWord(word, width - used);
      lines[lines.length - 1] = join(line, head);
      if (tail.length > 0) queue.unshift(tail);
      lines.push([]);
    } else {
      lines.push([]);
      queue.unshift(word);
    }
  }
  return lines.filter((line) => line.length > 0);
}

const continuation = 4;

/** A line of code, indented by two columns or marked there; what is too wide goes on below, indented by four more. */
export function codeLine(text: string, width: number, mark?: Span): readonly Line[] {
  return cutCode(text, width - 2).map((part, row) => [
    row === 0 && mark ? mark : span('  '),
    ...(part === '' ? [] : [span(part, mark?.style ?? 'code')]),
  ]);
}

function cutCode(line: string, width: number): readonly string[] {
  if (line.length <= width || width <= continuation * 2) return [line.slice(0, Math.max(width, 0))];
  const indent = ' '.repeat(Math.min(/^ */.exec(line)![0].length, width / 3) + continuation);
  const parts: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const at = blank > (/\S/.exec(rest)?.index ?? 0) ? blank : width;
    parts.push(rest.slice(0, at).trimEnd());
    rest = indent + rest.slice(at).trimStart();
  }
  return [...parts, rest];
}

/** A block of text or code as lines; headings are the caller's. */
export function blockLines(block: Block, width: number): readonly Line[] {
  switch (block.kind) {
    case 'heading':
      return [[span(block.text, 'heading')]];
    case 'paragraph':
      return wrap(block.content, width);
    case 'code':
      return block.text.split('\n').flatMap((line) => codeLine(line, width));
    case 'list':
      return block.items.flatMap((item, index) => {
        const bullet = block.ordered ? `${index + 1}. ` : '- ';
        return wrap(item, width - bullet.length).map((line, row) => [
          span(row === 0 ? bullet : ' '.repeat(bullet.length)),
          ...line,
        ]);
      });
  }
}
