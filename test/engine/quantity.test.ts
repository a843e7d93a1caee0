import {expect, it} from 'vitest';
import {formatCpu, formatMemory, parseQuantity} from '../../src/engine/quantity.ts';

it.each([
  ['100m', 0.1],
  ['2', 2],
  [1, 1],
  ['1.5Gi', 1.5 * 1024 ** 3],
  ['128Mi', 128 * 1024 ** 2],
  ['1e3', 1000],
  ['.5', 0.5],
  ['1k', 1000],
])('reads %s', (text, value) => expect(parseQuantity(text)).toBeCloseTo(value, 9));

it.each(['', 'Mi', '1 Gi', '12x', '1..2', null, undefined, true])('refuses %s', (text) =>
  expect(parseQuantity(text)).toBeUndefined(),
);

it('writes memory rounded up to whole Mi, and Gi where it is whole', () => {
  expect(formatMemory(310 * 1024 ** 2 + 1)).toBe('311Mi');
  expect(formatMemory(2 * 1024 ** 3)).toBe('2Gi');
});

it('writes cores in thousandths, and whole cores plain', () => {
  expect(formatCpu(0.1)).toBe('100m');
  expect(formatCpu(2)).toBe('2');
  expect(formatCpu(0.0001)).toBe('1m');
});
