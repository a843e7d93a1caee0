import {describe} from '../engine/objects.ts';
import {plainText} from '../engine/text.ts';
import type {JournalEntry} from '../fix/plan.ts';
import type {TextScreen} from './state.ts';

const pad = (value: number): string => String(value).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `today 14:02`, `22 Nov 21:10`, with the year when it is another one. */
export function whenText(iso: string, now: number): string {
  const at = new Date(iso);
  const today = new Date(now);
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  if (at.toDateString() === today.toDateString()) return `today ${time}`;
  const day = `${at.getDate()} ${months[at.getMonth()]}`;
  return at.getFullYear() === today.getFullYear() ? `${day} ${time}` : `${day} ${at.getFullYear()}`;
}

/** What an entry of the journal did to each object. */
export const entryLines = (entry: JournalEntry): TextScreen['lines'] =>
  entry.steps.flatMap(({item, state, reason, needs}) => [
    {
      text: `${describe(item.ref)}  ${needs ? 'left out' : state}`,
      mark:
        state === 'refused'
          ? ('failed' as const)
          : state === 'planned'
            ? ('look' as const)
            : ('passed' as const),
    },
    ...(reason === undefined ? [] : [{text: `  ${plainText(reason)}`}]),
  ]);
