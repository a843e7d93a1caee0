import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {withKeys} from '../../scripts/keys.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('README shows the keys of the key table: npx node scripts/docs.ts writes them', () => {
  expect(readme).toBe(withKeys(readme));
});

it.each([...readme.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)].map(([, path]) => path ?? ''))(
  '%s, which README links to, is there',
  (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  },
);
