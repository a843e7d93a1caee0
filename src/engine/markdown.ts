/** A run of text in a paragraph or list item. */
export type Inline =
  | {readonly kind: 'text' | 'code' | 'strong'; readonly text: string}
  | {readonly kind: 'link'; readonly text: string; readonly url: string};

export type CodeBlock = {
  readonly kind: 'code';
  /** First word of the fence, empty where it has none. */
  readonly language: string;
  /** `key=value` words behind it. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly line: number;
};

export type Block =
  | {readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly line: number}
  | {readonly kind: 'paragraph'; readonly content: readonly Inline[]; readonly line: number}
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly items: readonly (readonly Inline[])[];
      readonly line: number;
    }
  | CodeBlock;

/** A document that does not follow the subset; `line` counts from 1. */
export class MarkdownError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'MarkdownError';
    this.line = line;
  }
}

const headingPattern = /^(#{1,6})\s+(.+)$/;
const itemPattern = /^(?:-|\d+\.)\s+(.+)$/;
const fence = '```';

/**
 * Parses the subset of Markdown that lessons use: headings, paragraphs, one level of lists, fenced code. `firstLine`
 * is the number of the text's first line in its file. Throws a MarkdownError.
 */
export function parseMarkdown(text: string, firstLine = 1): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index]!;
    const number = firstLine + index;
    const heading = headingPattern.exec(line);
    if (line.trim() === '') {
      index += 1;
    } else if (heading) {
      blocks.push({kind: 'heading', depth: heading[1]!.length, text: heading[2]!.trim(), line: number});
      index += 1;
    } else if (line.startsWith(fence)) {
      const end = lines.indexOf(fence, index + 1);
      if (end < 0) throw new MarkdownError(number, 'This code block is never closed.');
      const code = lines.slice(index + 1, end).join('\n');
      blocks.push({kind: 'code', ...parseFence(line, number), text: code, line: number});
      index = end + 1;
    } else {
      const end = endOfText(lines, index);
      blocks.push(parseText(lines.slice(index, end), number));
      index = end;
    }
  }
  return blocks;
}

function endOfText(lines: readonly string[], start: number): number {
  const ends = (line: string) => line.trim() === '' || line.startsWith(fence) || headingPattern.test(line);
  const end = lines.findIndex((line, index) => index > start && ends(line));
  return end < 0 ? lines.length : end;
}

function parseFence(line: string, number: number): Pick<CodeBlock, 'language' | 'attributes'> {
  const [language = '', ...words] = line.slice(fence.length).trim().split(/\s+/);
  const attributes = words.map((word) => {
    const [, key, value] = /^(\w+)=(\S+)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new MarkdownError(number, `"${word}" behind ${fence}${language} is not of the form key=value.`);
    }
    return [key, value] as const;
  });
  return {language, attributes: Object.fromEntries(attributes)};
}

function parseText(lines: readonly string[], number: number): Block {
  if (!itemPattern.test(lines[0]!)) {
    return {
      kind: 'paragraph',
      content: parseInline(lines.map((line) => line.trim()).join(' ')),
      line: number,
    };
  }
  const items: string[] = [];
  for (const [index, line] of lines.entries()) {
    const item = itemPattern.exec(line);
    if (item) items.push(item[1]!.trim());
    else if (/^\s/.test(line)) items[items.length - 1] += ` ${line.trim()}`;
    else throw new MarkdownError(number + index, 'A line that goes on with a list item has to be indented.');
  }
  return {kind: 'list', ordered: /^\d/.test(lines[0]!), items: items.map(parseInline), line: number};
}

const inlinePattern = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** Splits text into plain, `code`, **strong** and [link](url) runs. */
export function parseInline(text: string): readonly Inline[] {
  const runs: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(inlinePattern)) {
    const [whole, code, strong, label, url] = match;
    if (match.index > from) runs.push({kind: 'text', text: text.slice(from, match.index)});
    if (code !== undefined) runs.push({kind: 'code', text: code});
    else if (strong !== undefined) runs.push({kind: 'strong', text: strong});
    else runs.push({kind: 'link', text: label!, url: url!});
    from = match.index + whole.length;
  }
  if (from < text.length) runs.push({kind: 'text', text: text.slice(from)});
  return runs;
}
