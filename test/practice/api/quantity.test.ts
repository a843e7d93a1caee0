import {expect, test} from 'vitest';
import {formatQuantity, nanoOf, parseQuantity} from '../../../src/practice/api/quantity.ts';

test.each([
  ['0.5', '500m'],
  ['1000m', '1'],
  ['1024Mi', '1Gi'],
  ['1000Mi', '1000Mi'],
  ['1.5Gi', '1536Mi'],
  ['128974848', '128974848'],
  ['1e3', '1e3'],
  ['1500', '1500'],
  ['2000', '2k'],
  ['0', '0'],
  ['-1', '-1'],
  ['100u', '100u'],
  ['0.1Ki', '102400m'],
])('%s is written %s', (text, canonical) => {
  expect(formatQuantity(parseQuantity(text)!)).toBe(canonical);
});

test.each(['', 'x', '1x', '1 Mi', '--1', '1.2.3', 'Mi'])('%j is no quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});

test('quantities compare by value', () => {
  expect(nanoOf('1Gi')).toBe(nanoOf('1024Mi'));
  expect(nanoOf('0.25')).toBe(nanoOf('250m'));
  expect(nanoOf(undefined)).toBe(0n);
});
