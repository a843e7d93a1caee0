import {describe, expect, it} from 'vitest';
import {lineEdits} from '../../src/cli/file-fixes.ts';
import {lineChanges, linesOf} from '../../src/cli/line-diff.ts';

/** A small generator of numbers, the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function textOf(pick: (below: number) => number): string {
  const lines = Array.from(
    {length: pick(30)},
    () => ['a', 'b', 'kind: Pod', '---', `name: n${pick(6)}`, ''][pick(6)],
  );
  return lines.join('\n') + (pick(2) === 0 ? '\n' : '');
}

describe('lines that changed', () => {
  it('are together both texts, for 2,000 seeded pairs', () => {
    const pick = numbers(7);
    for (let round = 0; round < 2000; round += 1) {
      const [before, after] = [textOf(pick), textOf(pick)];
      const changes = lineChanges(before, after);
      const side = (without: string) =>
        changes.flatMap(({kind, lines}) => (kind === without ? [] : lines)).join('');
      expect(side('added')).toBe(before);
      expect(side('removed')).toBe(after);
    }
  });

  it('turn one text into the other as edits of lines, from the last to the first', () => {
    const pick = numbers(11);
    for (let round = 0; round < 500; round += 1) {
      const [before, after] = [textOf(pick), textOf(pick)];
      const lines = [...linesOf(before)];
      for (const {startLine, endLine, text} of lineEdits('f', before, after).toReversed()) {
        lines.splice(startLine - 1, endLine - startLine, text);
      }
      expect(lines.join('')).toBe(after);
    }
  });

  it('are few where few were made: one line in each of 5,000 documents, in less than seconds', () => {
    const document = (index: number, more: string) =>
      `---\nkind: Pod\nmetadata:\n  name: p${index}\nspec:\n${more}  x: 1\n`;
    const text = (more: string) => Array.from({length: 5000}, (_, index) => document(index, more)).join('');
    const started = performance.now();
    const added = lineChanges(text(''), text('  hostPID: false\n')).filter(({kind}) => kind === 'added');
    expect(added.flatMap(({lines}) => lines)).toEqual(Array(5000).fill('  hostPID: false\n'));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
