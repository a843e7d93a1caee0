// Builds dist/kubekata.js (a guard without static imports) and its lazy chunks with rolldown.
// Usage: node scripts/build.mjs [--quiet]; skips the work when dist is newer than every input.
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const quiet = process.argv.includes('--quiet');
const stamp = join(root, 'dist/.built');

const newest = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
};

const inputs = ['src', 'controls', 'lessons', 'package.json', 'package-lock.json', 'scripts'];
const latest = Math.max(...inputs.map((name) => newest(join(root, name))));
if (existsSync(stamp) && statSync(stamp).mtimeMs > latest) process.exit(0);

if (Number(process.versions.node.split('.')[0]) < 22) {
  // npm scripts and `npm ci` run the pinned Node 24; somebody called this file by an older one.
  console.error(
    `kubekata builds with Node 22.19 or newer, and this is ${process.version}. Run: npm run build`,
  );
  process.exit(3);
}

const {rolldown} = await import('rolldown');
const {assertPatched, plugins} = await import('./build-patches.mjs');
const {groups} = await import('./chunks.mjs');
const started = performance.now();
const bundle = await rolldown({
  input: {main: join(root, 'src/cli/main.ts'), 'practice-thread': join(root, 'src/cli/practice-worker.ts')},
  cwd: root,
  platform: 'node',
  plugins,
  transform: {
    define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
    jsx: 'react-jsx',
  },
  resolve: {alias: {'react-devtools-core': join(root, 'scripts/react-devtools-stub.mjs')}},
  external: [/^node:/],
  onLog: (level, log, handler) => (level === 'warn' ? undefined : handler(level, log)),
});
// Written beside and swapped in whole: a failed build, or one at the same time, leaves no half of a program.
const fresh = join(root, `dist.${process.pid}`);
const {output} = await bundle.write({
  dir: fresh,
  format: 'esm',
  minify: {compress: true, mangle: false, codegen: {removeWhitespace: true}},
  codeSplitting: {groups: groups()},
  chunkFileNames: 'chunks/[name]-[hash].js',
  entryFileNames: '[name].js',
});
assertPatched();
cpSync(join(root, 'src/cli/kubekata.mjs'), join(fresh, 'kubekata.js'));
chmodSync(join(fresh, 'kubekata.js'), 0o755);
// A thread has a compile cache of its own, and static imports would be compiled before it is on.
writeFileSync(
  join(fresh, 'practice-worker.js'),
  "import {enableCompileCache} from 'node:module';\nenableCompileCache?.();\nawait import('./practice-thread.js');\n",
);
const {notices} = await import('./notices.mjs');
writeFileSync(join(fresh, 'THIRD-PARTY.txt'), notices(output.flatMap((chunk) => chunk.moduleIds ?? [])));
const {compileData} = await import('./build-data.ts');
await compileData(root, fresh);
writeFileSync(join(fresh, '.built'), '');
const old = `${fresh}.old`;
if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
renameSync(fresh, join(root, 'dist'));
rmSync(old, {recursive: true, force: true});
if (!quiet) console.log(`built dist in ${Math.round(performance.now() - started)} ms`);
