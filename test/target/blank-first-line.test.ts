import {expect, it} from 'vitest';
import {lineStart} from '../../src/target/files/splice-block.ts';

it('a file that begins with a blank line begins at its first character', () => {
  expect(lineStart('\na: 1\nb: 2\n', 0)).toBe(0);
  expect(lineStart('\na: 1\nb: 2\n', 1)).toBe(1);
  expect(lineStart('\na: 1\nb: 2\n', 8)).toBe(6);
});
