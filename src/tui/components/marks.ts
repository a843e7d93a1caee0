import type {Mark} from '../../fix/plan.ts';
import {GLYPHS} from '../glyphs.ts';
import {bad, good, type Line, line, type Span, warn, wrap} from '../layout.ts';

/** The sign of a mark in its colour. */
export function markSpan(mark: Mark): Span {
  switch (mark) {
    case 'passed':
      return good(GLYPHS.passed);
    case 'failed':
      return bad(GLYPHS.failed);
    case 'look':
      return warn(GLYPHS.look);
    case 'same':
      return {text: GLYPHS.same};
  }
}

/** A sentence behind its mark, wrapped below itself. */
export const marked = (mark: Span, text: string, width: number): readonly Line[] =>
  wrap(text, width - 2).map((part, index) => line(index === 0 ? mark : ' ', ' ', part));
