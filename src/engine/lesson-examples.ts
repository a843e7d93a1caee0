import type {Example} from './lesson.ts';
import {type Block, type CodeBlock, MarkdownError, parseMarkdown} from './markdown.ts';

/** What one more control of a practice finds wrong, and how it is right. */
export type ControlExample = {
  readonly control: string;
  /** A paragraph or two. */
  readonly text: readonly Block[];
  readonly before: Example;
  readonly after: Example;
};

/**
 * Parses `lessons/examples/<practice>.md`: under a heading for each control some text, then the code before (`fails=` the
 * control) and after (`passes=` it). @throws {MarkdownError}
 */
export function parseExamples(text: string): readonly ControlExample[] {
  const blocks = parseMarkdown(text);
  const heads = blocks.filter((block) => block.kind === 'heading');
  if (blocks[0]?.kind !== 'heading') throw new MarkdownError(1, 'The file begins with "## " and a control.');
  return heads.map((head, index): ControlExample => {
    const next = heads[index + 1];
    const content = blocks.slice(blocks.indexOf(head) + 1, next ? blocks.indexOf(next) : blocks.length);
    const [after, before] = content.toReversed();
    const words = content.slice(0, -2);
    if (words.length === 0 || words.some(({kind}) => kind !== 'paragraph'))
      throw new MarkdownError(head.line, `"${head.text}" has text, and then two code blocks.`);
    return {
      control: head.text,
      text: words,
      before: sideOf(before, 'fails', head.text, head.line),
      after: sideOf(after, 'passes', head.text, head.line),
    };
  });
}

function sideOf(block: Block | undefined, verdict: string, control: string, line: number): Example {
  const code: CodeBlock | undefined = block?.kind === 'code' ? block : undefined;
  if (code?.attributes[verdict] !== control)
    throw new MarkdownError(code?.line ?? line, `A code block with ${verdict}=${control} is expected here.`);
  return {code, controls: [control]};
}
