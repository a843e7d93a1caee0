import {createHash} from 'node:crypto';
import type {OriginalText} from '../../engine/change.ts';
import {commonHead, commonTail} from './common.ts';
import {redactText} from './redact-text.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Longer documents are lists as long as a cluster is large: to look through one for each item is too much. */
const longest = 200_000;
/** A comment is no data, so that nobody knows whether it holds a credential. */
const telling = /#.*(?:password|passwd|secret|token|credential|private|api[-_ ]?key)/i;

/** What a step replaced in a text; undefined where that is nothing, or may hold a credential. */
export function originalOf(file: string, before: string, after: string): OriginalText | undefined {
  if (before === after || before.length > longest || after.length > longest) return undefined;
  const at = commonHead(before, after);
  const tail = commonTail(before, after, at);
  const removed = before.slice(at, before.length - tail);
  const added = after.slice(at, after.length - tail);
  if (telling.test(removed) || telling.test(added)) return undefined;
  if (redactText(before) !== before || redactText(after) !== after) return undefined;
  return {file, at, removed, added, hash: hashOf(after)};
}

/** The text as it was before the step; undefined where it is not as the step left it any more. */
export function withOriginal(text: string, {at, removed, added, hash}: OriginalText): string | undefined {
  if (hashOf(text) !== hash) return undefined;
  return text.slice(0, at) + removed + text.slice(at + added.length);
}
