import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';
import {bin, temporaryFolder} from '../helpers/program.ts';

const run = promisify(execFile);

it('fix --guard takes a change back by itself when its rollout fails, and says why', {
  timeout: 120_000,
}, async () => {
  const home = temporaryFolder();
  const env = {...process.env, HOME: home, KUBEKATA_HOME: home, KUBECONFIG: undefined, NO_COLOR: '1'};
  const kubekata = (...words: readonly string[]) =>
    run(process.execPath, [bin, ...words, '--practice'], {env, cwd: home, maxBuffer: 1 << 26}).catch(
      (failed: {readonly stdout: string; readonly stderr: string}) => failed,
    );
  const {stderr} = await kubekata(
    ...['fix', '--object', 'Deployment/argo/buildkitd', '--control', 'C-0017'],
    ...['--yes', '--include', 'review', '--guard'],
  );
  expect(stderr).toMatch(/container buildkitd: CrashLoopBackOff/);
  expect(stderr).toContain('Change 1 is taken back.');
  expect((await kubekata('undo')).stdout).toMatch(/1 .*undone +1 {2}C-0017/);
});
