import {describe, expect, it} from 'vitest';
import {compliance, formatScore, frameworkScore, shownScore} from '../../src/engine/score.ts';

describe('score', () => {
  it('is 100 for a control with nothing relevant', () =>
    expect(compliance({all: 0, failed: 0, excluded: 0})).toBe(100));
  it('is the mean of the controls today', () => {
    const tallies = [
      {all: 4, failed: 1, excluded: 0},
      {all: 2, failed: 2, excluded: 0},
    ];
    expect(frameworkScore('mean', tallies)).toBe(37.5);
  });
  it('sums all verdicts in the edition of 2021', () => {
    expect(frameworkScore('sum', [{all: 848, failed: 273, excluded: 0}])).toBeCloseTo(67.8, 1);
  });
  it('is undefined when nothing was evaluated', () => expect(frameworkScore('mean', [])).toBeUndefined());
  it('is cut, never rounded up', () => {
    expect(formatScore('mean', 99.96)).toBe('99.9');
    expect(formatScore('sum', 69.9)).toBe('69');
    expect(formatScore('mean', 100)).toBe('100');
    expect(shownScore('mean', 82.339)).toBe(82.33);
  });
  it('does not lose a point to floating point', () => expect(formatScore('sum', 100 * 0.29)).toBe('29'));
});
