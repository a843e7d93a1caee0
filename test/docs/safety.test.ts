import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const rows = read('docs/safety.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`test/'));

describe('docs/safety.md', () => {
  it('has rows', () => expect(rows.length).toBeGreaterThan(20));

  for (const row of rows) {
    const [, fault = '', , test = ''] = row.split('|').map((cell) => cell.trim());
    it(`${fault}: its test is there`, () => {
      const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(test) ?? [];
      expect(read(file), `${file} has no test "${title}": name another, or write it`).toContain(title);
    });
  }
});
