import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {Outcome} from './measure.ts';

const run = promisify(execFile);

/** What npm would publish: packed and unpacked. */
export async function benchPackage(): Promise<readonly Outcome[]> {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const {stdout} = await run('npm', words, {cwd: join(import.meta.dirname, '..'), timeout: 60_000});
  const [found] = JSON.parse(stdout) as readonly {readonly size: number; readonly unpackedSize: number}[];
  if (found === undefined) throw new Error('npm pack told nothing.');
  return [
    {what: 'package as published', unit: 'kB', samples: [found.size / 1000]},
    {what: 'package unpacked', unit: 'kB', samples: [found.unpackedSize / 1000]},
  ];
}
