/** Everything outside ASCII that may stand on a screen; each is one column wide in every terminal. */
export const GLYPHS = {
  cursor: '▸',
  passed: '✓',
  failed: '✗',
  look: '!',
  unknown: '?',
  same: '=',
  none: '-',
  heavy: '╍',
  light: '╌',
  dots: '⋅',
  passMark: '╏',
  separator: '╎',
  more: '⋯',
  arrow: '➜',
  spinner: ['╶', '╷', '╴', '╵'],
} as const;

const ascii: Readonly<Record<string, string>> = {
  '▸': '>',
  '✓': 'o',
  '✗': 'x',
  '╍': '=',
  '╌': '-',
  '⋅': '.',
  '╏': '!',
  '╎': '|',
  '⋯': '~',
  '╶': '-',
  '╷': '|',
  '╴': '-',
  '╵': '/',
  '⇡': '^',
  '⇣': 'v',
};

/** Braille levels of a sparkline, two samples a cell: left and right column of dots, from the bottom. */
const leftDots = [0x00, 0x40, 0x44, 0x46, 0x47];
const rightDots = [0x00, 0x80, 0xa0, 0xb0, 0xb8];

/** Values as braille cells, four levels between their own lowest and highest; empty for fewer than four. */
export function sparkline(values: readonly number[], cells: number): string {
  const shown = values.slice(-cells * 2);
  if (shown.length < 4) return '';
  const low = Math.min(...shown);
  const range = Math.max(...shown) - low;
  const level = (value: number | undefined): number =>
    value === undefined ? 0 : range === 0 ? 1 : 1 + Math.floor((3.999 * (value - low)) / range);
  let text = '';
  for (let index = 0; index < shown.length; index += 2) {
    const dots = leftDots[level(shown[index])]! | rightDots[level(shown[index + 1])]!;
    text += String.fromCodePoint(0x2800 | dots);
  }
  return text;
}

/** The text with every glyph in ASCII. `➜` needs two columns; the next wide gap of the text gives one back. */
export function toAscii(text: string): string {
  let owed = 0;
  const plain = text.replace(/[^\x20-\x7e]| {3,}/g, (part) => {
    if (part.startsWith(' ')) {
      const given = Math.min(owed, part.length - 2);
      owed -= given;
      return part.slice(given);
    }
    if (part === GLYPHS.arrow) {
      owed += 1;
      return '->';
    }
    if (part >= '\u2800' && part <= '\u28ff') return '';
    return ascii[part] ?? part;
  });
  return plain;
}
