import type {Key} from 'ink';

/** Names of the keys in one delivery of Ink's `useInput`, which may hold several characters: `jjj` is three keys. */
export function keysOf(input: string, key: Key): readonly string[] {
  if (key.eventType === 'release') return [];
  if (key.upArrow) return ['up'];
  if (key.downArrow) return ['down'];
  if (key.leftArrow) return ['left'];
  if (key.rightArrow) return ['right'];
  if (key.pageUp) return ['pageup'];
  if (key.pageDown) return ['pagedown'];
  if (key.home) return ['home'];
  if (key.end) return ['end'];
  if (key.return) return ['enter'];
  if (key.escape) return ['esc'];
  if (key.tab) return ['tab'];
  if (key.backspace || key.delete) return ['backspace'];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  if (key.meta) return [];
  return [...input].flatMap((char) => {
    if (char === ' ') return ['space'];
    if (char === '\r' || char === '\n') return ['enter'];
    if (char === '\t') return ['tab'];
    if (char === '\u007F' || char === '\b') return ['backspace'];
    if (char === '\u001B') return ['esc'];
    // One delivery may hold several keys.
    return char < ' ' ? [`ctrl-${String.fromCharCode(char.charCodeAt(0) + 96)}`] : [char];
  });
}

/** What a key types; empty for keys that type nothing. */
export const typed = (key: string): string => (key === 'space' ? ' ' : [...key].length === 1 ? key : '');

/** A text after a key: typed, or its last character, word or all of it taken away. */
export const edited = (text: string, key: string): string =>
  key === 'backspace'
    ? text.slice(0, -1)
    : key === 'ctrl-u'
      ? ''
      : key === 'ctrl-w'
        ? text.replace(/\S*\s*$/, '')
        : text + typed(key);
