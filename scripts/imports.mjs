// Checks that imports point one way between the folders, as README's map says. Exits 1 with one line per offence.
import {globSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pure = ['engine'];
const allowed = {
  engine: [],
  controls: pure,
  practice: pure,
  target: pure,
  fix: [...pure, 'target'],
  report: pure,
  learn: pure,
  tui: [...pure, 'controls', 'target', 'fix', 'report', 'learn'],
  cli: [...pure, 'controls', 'target', 'fix', 'report', 'learn', 'tui', 'practice'],
};
const folderOf = (path) => (path.startsWith('controls') ? 'controls' : path.split('/')[1]);
const importPattern = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

let offences = 0;
for (const file of globSync(['src/**/*.{ts,tsx,mjs}', 'controls/**/*.ts'], {cwd: root})) {
  const folder = folderOf(file);
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, specifier] of text.matchAll(importPattern)) {
    const target = relative(root, join(root, dirname(file), specifier));
    const other = folderOf(target);
    if (other === folder || allowed[folder]?.includes(other)) continue;
    if (folder === 'fix' && other === 'target' && !target.endsWith('target/target.ts')) continue;
    console.error(
      `${file} imports ${target}: ${folder} may import ${allowed[folder]?.join(', ') || 'nothing'} only.`,
    );
    offences += 1;
  }
}
if (offences > 0) process.exit(1);
