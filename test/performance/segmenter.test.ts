import {describe, expect, it} from 'vitest';
import {seeded} from '../../bench/inputs.ts';
import {segmenter} from '../../scripts/segmenter.ts';

const real = new Intl.Segmenter();

// ASCII with controls, our glyphs, and what takes more than one code unit or point to make a character.
const characters = [
  ...Array.from({length: 128}, (_, code) => String.fromCharCode(code)),
  ...'\u22c5\u22ef\u254c\u254d\u2576\u25b8\u2713\u2717\u279c\u21e1\u21e3\u2800\u28ff',
  '\r\n',
  '\u0301',
  '\u{1f600}',
  '\u{1f1e9}\u{1f1ea}',
  '\u200d',
];

describe('the segmenter of the bundle', () => {
  it('finds the graphemes that the real one finds', () => {
    const random = seeded(7);
    // Half of the texts are of what takes the fast path.
    for (let round = 0; round < 5000; round += 1) {
      const among = round % 2 ? characters.length : characters.length - 5;
      const length = Math.floor(random() * 12);
      const text = Array.from({length}, () => characters[Math.floor(random() * among)]).join('');
      const found = [...segmenter.segment(text)].map(({segment, index}) => [segment, index]);
      const wanted = [...real.segment(text)].map(({segment, index}) => [segment, index]);
      expect(found, JSON.stringify(text)).toEqual(wanted);
      for (let at = 0; at <= text.length; at += 1) {
        expect(segmenter.segment(text).containing(at)?.index).toBe(real.segment(text).containing(at)?.index);
      }
    }
  });
});
