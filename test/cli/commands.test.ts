import {spawnSync} from 'node:child_process';
import {mkdirSync, symlinkSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {frameworkIds} from '../../src/cli/options.ts';
import {makeWorkplace, program, runProgram, type Workplace} from '../helpers/kubekata.ts';
import {web} from './manifests.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
let place: Workplace;
beforeAll(() => {
  place = makeWorkplace();
  place.write('deploy/web.yaml', web);
});
afterAll(() => place.remove());

describe('help and typos', () => {
  it('lists every command', async () => {
    const {code, stdout} = await place.run(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'scan',
      'fix',
      'undo',
      'explain',
      'controls',
      'practice',
      'rbac',
      'completion',
      'exceptions',
      'version',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
  });

  it.each([
    [['scna'], 'scan'],
    [['scan', '--manifest', 'deploy'], '--manifests'],
    [['explain', 'C0034'], 'C-0034'],
    [['scan', '--manifests', 'deploy', '--namespace', 'shpo'], 'shop'],
  ])('suggests what %j may mean', async (words, meant) => {
    const {code, stderr, stdout} = await place.run(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`Did you mean ${meant}?`);
  });

  it.each([
    [['scan'], 'Say what to scan'],
    [['fix', '--yes'], 'Say what to fix'],
    [['undo'], 'Say what to take changes back in'],
    [['scan', '--practice', '--manifests', 'deploy'], 'different targets'],
    [['scan', '--manifests', 'deploy', '--fail-under', '101'], 'score from 0 to 100'],
    [['scan', '--manifests', 'deploy', '--format', 'pdf'], 'Allowed choices are table, json, yaml, sarif'],
    [['scan', '--manifests', 'deploy', '--control', 'C-0009'], 'add --framework nsa-2021'],
    [['scan', '--manifests', 'deploy', '--baseline', 'none.json'], 'none.json'],
    [['scan', '--manifests', 'deploy', '--exceptions', 'none.yaml'], 'none.yaml does not exist'],
    [['scan', '--context', 'nowhere', '--kubeconfig', 'none'], 'none'],
    [['fix', '--manifests', 'deploy'], 'there is no terminal to ask at'],
    [['undo', '7', '--manifests', 'deploy', '--yes'], 'There is no change 7'],
    [['completion', 'csh'], 'Allowed choices are bash, zsh, fish'],
  ])('says what is wrong with %j', async (words, sentence) => {
    const {code, stderr, stdout} = await place.run(words);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe('');
    expect(code).toBe(words.includes('--kubeconfig') ? 3 : 2);
  });

  it('refuses to fix a live cluster without a person or --yes, before it is contacted', async () => {
    const {code, stderr} = await place.run(['fix', '--context', 'nowhere']);
    expect(stderr).toBe('Nothing was applied: a live cluster wants a person, or --yes.\n');
    expect(code).toBe(2);
  });

  it('takes the target before the command too', async () => {
    const {code, stdout} = await place.run(['--practice', 'scan', '--control', 'C-0057']);
    expect(code).toBe(0);
    expect(stdout).toContain('C-0057 Privileged container');
  });
});

describe('plain commands', () => {
  it('knows every framework', () => {
    expect(Object.keys(frameworks)).toEqual(frameworkIds);
  });

  it('tells its version, as kubectl plugin too', async () => {
    const plugin = join(place.folder, 'kubectl-kata');
    symlinkSync(program, plugin);
    const direct = await place.run(['version']);
    expect(direct.stdout).toMatch(/^kubekata \d+\.\d+\.\d+\n$/);
    expect((await place.run(['--version'])).stdout).toBe(direct.stdout);
    const asPlugin = await runProgram(process.execPath, [plugin, '--help'], {cwd: place.folder});
    expect(asPlugin.stdout).toMatch(/^Usage: kubectl kata /);
  });

  it.skipIf(!hasKubectl)('is found by a real kubectl on PATH', async () => {
    const bin = place.path('bin');
    mkdirSync(bin);
    symlinkSync(program, join(bin, 'kubectl-kata'));
    const path = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
    const {code, stdout, stderr} = await runProgram('kubectl', ['kata', 'scna'], {
      environment: {PATH: path},
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Did you mean scan? kubectl kata --help lists them.');
  });

  it('explains a control by its lesson', async () => {
    const {code, stdout} = await place.run(['explain', 'c-0034']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^C-0034 Automatic mapping of service account\n/);
    expect(stdout).toContain('What the attacker gains');
  });

  it('lists controls as data, each with its editions', async () => {
    const {stdout} = await place.run(['controls', '--format', 'json']);
    const controls = JSON.parse(stdout) as {id: string; frameworks: string[]; severity: string}[];
    expect(controls.find(({id}) => id === 'C-0009')).toMatchObject({frameworks: ['nsa-2021']});
    expect(controls.find(({id}) => id === 'C-0057')).toMatchObject({
      frameworks: frameworkIds,
      severity: 'high',
    });
  });

  it.each(['bash', 'zsh', 'fish'])('prints completion for %s with every command', async (shell) => {
    const {code, stdout} = await place.run(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['scan', 'undo', 'C-0034', 'fail-under', 'sarif', 'nsa-2021', 'reset']) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    ['kubekata sc', ['scan']],
    ['kubekata scan --form', ['--format']],
    ['kubekata scan --format sa', ['sarif']],
    ['kubekata scan --manifests dep', ['deploy']],
    ['kubekata fix --manifests deploy --control C-005', ['C-0054', 'C-0055', 'C-0057', 'C-0058', 'C-0059']],
    ['kubekata explain C-003', ['C-0030', 'C-0034', 'C-0035', 'C-0038']],
    ['kubekata practice re', ['reset']],
    ['kubekata completion f', ['fish']],
    ['kubekata scan --format json --fail-o', ['--fail-on']],
  ])('completes %j in a real bash', async (line, expected) => {
    const words = line.split(' ');
    const script = [
      `source <(${process.execPath} ${program} completion bash)`,
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`,
      `_kubekata; printf "%s\\n" "\${COMPREPLY[@]}"`,
    ].join('\n');
    const {stdout, stderr} = await runProgram('bash', ['-c', script], {
      cwd: place.folder,
      environment: {PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`},
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').sort()).toEqual(expected);
  });
});
