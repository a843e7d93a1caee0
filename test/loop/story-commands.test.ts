import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {bin, temporaryFolder} from '../helpers/program.ts';

const run = promisify(execFile);

it('the story by the public commands: 67, twelve ServiceAccounts, 69, and back', {
  timeout: 120_000,
}, async () => {
  const home = temporaryFolder();
  const env = {...process.env, HOME: home, KUBEKATA_HOME: home, KUBECONFIG: undefined, NO_COLOR: '1'};
  const kubekata = async (...words: readonly string[]) =>
    run(process.execPath, [bin, ...words], {env, cwd: home, maxBuffer: 1 << 26});
  const scan = async () => {
    const {stdout} = await kubekata('scan', '--practice', '--framework', 'nsa-2021', '--format', 'json');
    const report = JSON.parse(stdout) as ScanReport;
    const row = (id: string) => {
      const control = report.controls.find((one) => one.id === id);
      return `${control?.failed} | ${control?.excluded} | ${control?.all} | ${control?.compliance}%`;
    };
    return {score: report.score, evaluated: report.evaluated, tokens: row('C-0034'), limits: row('C-0009')};
  };
  const start = {score: 67, evaluated: 26, tokens: '63 | 0 | 63 | 0%', limits: '29 | 0 | 35 | 17%'};
  expect(await scan()).toEqual(start);

  const {stderr} = await kubekata(
    'fix',
    '--practice',
    '--framework',
    'nsa-2021',
    '--control',
    'C-0034',
    '--yes',
    '--include',
    'owned',
  );
  expect(stderr).toContain('67 -> 69');
  expect(await scan()).toEqual({...start, score: 69, tokens: '51 | 0 | 63 | 19%'});

  await kubekata('undo', '1', '--practice', '--yes');
  expect(await scan()).toEqual(start);
});
