import {parseMarkdown} from '../../../engine/markdown.ts';
import {blockLines} from '../../../engine/markdown-lines.ts';
import {EMPTY, type Line, line, type Span, wrap} from '../../layout.ts';

/** Markdown as lines of a width, a blank row between its blocks. */
export function markdownLines(text: string, width: number): readonly Line[] {
  try {
    return parseMarkdown(text).flatMap((block, index) => [
      ...(index > 0 ? [EMPTY] : []),
      ...blockLines(block, width).map((spans) =>
        spans.map(({text: part, style}): Span => {
          if (style === 'heading' || style === 'strong') return {text: part, bold: true};
          return style === undefined || style === 'code' ? {text: part} : {text: part, role: style};
        }),
      ),
    ]);
  } catch {
    // Not the Markdown that lessons are written in: shown as it is.
    return text
      .split('\n')
      .flatMap((one) => (one === '' ? [EMPTY] : wrap(one, width).map((part) => line(part))));
  }
}
