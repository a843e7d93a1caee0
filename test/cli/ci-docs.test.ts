import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {parseDecisions, parseExceptions} from '../../src/fix/exceptions-file.ts';
import {makeWorkplace, program, type Run, runProgram, type Workplace} from '../helpers/kubekata.ts';
import {web} from './manifests.ts';

type Workflow = {readonly jobs: {readonly kubekata: {readonly steps: readonly Step[]}}};
type Step = {readonly name?: string; readonly run?: string; readonly shell?: string};

const page = readFileSync(join(import.meta.dirname, '../../docs/ci.md'), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

/** Steps of the workflow of this name that have a name of their own, in order. */
function stepsOf(name: string): readonly Step[] {
  const text = blocks.find((block) => block.startsWith(`name: ${name}\n`));
  if (text === undefined) throw new Error(`docs/ci.md has no workflow named ${name}.`);
  return (parse(text) as Workflow).jobs.kubekata.steps.filter((step) => step.name !== undefined);
}

let place: Workplace;
let environment: Readonly<Record<string, string>>;
beforeEach(() => {
  place = makeWorkplace();
  place.write('deploy/web.yaml', web);
  mkdirSync(place.path('../bin'));
  mkdirSync(place.path('../temp'));
  symlinkSync(program, place.path('../bin/kubekata'));
  const path = [place.path('../bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  environment = {
    ...place.environment,
    PATH: path,
    CI: 'true',
    GITHUB_STEP_SUMMARY: place.path('../temp/summary.md'),
    RUNNER_TEMP: place.path('../temp'),
  };
});
afterEach(() => place.remove());

/** As the runner does it: the script in a file, `bash -eo pipefail`. */
async function runStep({run = '', shell}: Step): Promise<Run> {
  expect(shell).toBe('bash');
  const script = place.write('../temp/step.sh', run);
  return runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: place.folder,
    environment,
  });
}

describe('docs/ci.md', () => {
  it('scans a pull request as written', async () => {
    const [scan] = stepsOf('hardening');
    const {code, stderr} = await runStep(scan!);
    expect([code, stderr]).toEqual([0, '']);
    expect(existsSync(place.path('kubekata.sarif'))).toBe(true);
    expect(readFileSync(environment.GITHUB_STEP_SUMMARY!, 'utf8')).toMatch(/^## kubekata: [\d.]+ of 100\n/);
  });

  it('fails when the manifests are below the threshold, and keeps the reports', async () => {
    place.write('deploy/web.yaml', web.replace('hostPID: true', 'hostPID: true\n      hostNetwork: true'));
    const [scan] = stepsOf('hardening');
    const {code, stderr} = await runStep({...scan!, run: scan!.run!.replace('under 40', 'under 99')});
    expect(code).toBe(1);
    expect(stderr).toMatch(/Score [\d.]+ is below 99\./);
    expect(existsSync(place.path('kubekata.sarif'))).toBe(true);
  });

  it('fails for what is new since the main branch only', async () => {
    const git = (...words: readonly string[]) =>
      execFileSync('git', [...words], {cwd: place.folder, stdio: 'pipe'});
    git('init', '-q', '-b', 'main');
    git('config', 'user.email', 'ci@example.org');
    git('config', 'user.name', 'ci');
    git('add', '.');
    git('commit', '-q', '-m', 'start');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const [before, after] = stepsOf('nothing new');
    expect((await runStep(before!)).code).toBe(0);
    expect((await runStep(after!)).code).toBe(0);
    place.write('deploy/more.yaml', web.replace('name: web  #', 'name: more  #'));
    const {code, stderr} = await runStep(after!);
    expect(stderr).toMatch(/findings of severity low or higher are new/);
    expect(code).toBe(1);
  });

  it('makes a patch of the automatic fixes', async () => {
    const [patch] = stepsOf('fixes');
    const {code, stderr} = await runStep(patch!);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Nothing was written.')]);
    execFileSync('git', ['apply', 'fixes.patch'], {cwd: place.folder});
    expect(readFileSync(place.path('deploy/web.yaml'), 'utf8')).toContain(
      'automountServiceAccountToken: false',
    );
  });

  it('shows exceptions that can be read', () => {
    const text = blocks.find((block) => block.startsWith('exceptions:'));
    expect(parseExceptions(text ?? '', 'kubekata.yaml')).toHaveLength(1);
    const decided = blocks.find((block) => block.startsWith('registries:'));
    expect(parseDecisions(decided ?? '', 'kubekata.yaml')).toMatchObject({
      registries: ['quay.io/shop', 'registry.k8s.io'],
      sandboxed: ['runners', 'shop/preview'],
      attestations: [{controls: ['log-review']}],
    });
  });
});
