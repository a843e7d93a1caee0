import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {describe, expect, it} from 'vitest';

const dist = join(import.meta.dirname, '../../dist');

/** The files that come with one of the build, without those that it loads later. */
function loadedWith(file: string): ReadonlySet<string> {
  const found = new Set([resolve(dist, file)]);
  for (const one of found) {
    for (const [, path] of readFileSync(one, 'utf8').matchAll(/(?:from|import)"(\.[^"]+)"/g)) {
      found.add(resolve(dirname(one), path ?? ''));
    }
  }
  return found;
}

const chunk = (name: string): string => {
  const [file] = readdirSync(join(dist, 'chunks')).filter((one) => one.startsWith(`${name}-`));
  if (file === undefined) throw new Error(`The build has no chunk ${name}.`);
  return `chunks/${file}`;
};
const textOf = (files: ReadonlySet<string>): string =>
  [...files].map((file) => readFileSync(file, 'utf8')).join('\n');

const screens = loadedWith(chunk('walk'));

describe('what is loaded before the first frame', () => {
  it('is few chunks: to find, open and link each takes longer than to compile it', () => {
    expect(screens.size).toBeGreaterThan(1);
    expect(screens.size).toBeLessThanOrEqual(16);
  });

  it('has no HTTP client, and nothing of the practice cluster', () => {
    expect([...screens].join(' ')).not.toMatch(/undici|api-request|practice-/);
  });
});

describe('what starts every command', () => {
  it('has no React', () => {
    const hasReact = (files: ReadonlySet<string>): boolean => /react/i.test(textOf(files));
    expect(hasReact(screens)).toBe(true);
    expect(hasReact(loadedWith('main.js'))).toBe(false);
    expect(hasReact(loadedWith(chunk('start')))).toBe(false);
  });
});
