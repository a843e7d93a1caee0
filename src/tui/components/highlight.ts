import type {Span} from '../layout.ts';

/** The text with what a filter's word matches underlined. */
export function highlighted(text: string, word: string): readonly Span[] {
  if (word === '') return [{text}];
  const at = text.toLowerCase().indexOf(word.toLowerCase());
  if (at < 0) return [{text}];
  return [
    {text: text.slice(0, at)},
    {text: text.slice(at, at + word.length), underline: true},
    {text: text.slice(at + word.length)},
  ].filter((span) => span.text !== '');
}
