import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {makeWorkplace, program, runProgram, type Workplace} from '../helpers/kubekata.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {broken, safe, web} from './manifests.ts';

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
  place.write('deploy/web.yaml', web);
});
afterEach(() => place.remove());

const scan = (...words: readonly string[]) => place.run(['scan', '--manifests', 'deploy', ...words]);
const report = async (...words: readonly string[]) =>
  JSON.parse((await scan('--format', 'json', ...words)).stdout) as ScanReport;

describe('exit codes', () => {
  it('is 0 without a threshold, however low the score', async () => {
    expect((await scan()).code).toBe(0);
  });

  it('is 1 below the score asked for, and says so', async () => {
    const {code, stderr} = await scan('--fail-under', '99');
    expect(stderr).toMatch(/^Score [\d.]+ is below 99\.\n$/);
    expect(code).toBe(1);
  });

  it('holds the score as it is shown against the threshold', async () => {
    const {score} = await report();
    expect((await scan('--fail-under', String(score))).code).toBe(0);
    expect((await scan('--fail-under', String((score ?? 0) + 0.01))).code).toBe(1);
  });

  it('is 1 when a control of the severity fails, 0 when only lower ones do', async () => {
    const high = await scan('--fail-on', 'high');
    expect(high.stderr).toContain('C-0057 (high, 1 object)');
    expect(high.code).toBe(1);
    expect((await scan('--fail-on', 'critical')).code).toBe(0);
  });

  it('is 3 when a file can not be read, and passes no threshold', async () => {
    place.write('deploy/broken.yaml', broken);
    const {code, stdout, stderr} = await scan('--fail-under', '0');
    expect(stdout).toMatch(/ {2}deploy\/broken\.yaml:\d+:\d+: /);
    expect(stderr).toContain('so it passes no threshold');
    expect(code).toBe(3);
  });

  it('is 3 for controls without evidence only when all are required', async () => {
    const {code, stderr} = await scan('--require-evaluated');
    expect(stderr).toContain('--require-evaluated wants all of them');
    expect(code).toBe(3);
  });

  it('says that nothing was checked where no object is found, and passes no threshold', async () => {
    place.write('notes/read.md', '# notes');
    const empty = (...words: readonly string[]) => place.run(['scan', '--manifests', 'notes', ...words]);
    expect((await empty()).stderr).toBe(
      'notes holds no Kubernetes object that a control reads, so nothing was checked.\n',
    );
    const held = await empty('--fail-on', 'low');
    expect(held.stderr).toContain('Nothing was checked, so nothing can be held against low.');
    expect(held.code).toBe(1);
    expect((await place.run(['fix', '--manifests', 'notes', '--dry-run'])).stderr).toContain(
      'Nothing was checked, so there is nothing to fix.',
    );
  });

  it('is 3 for a path that is not there', async () => {
    const {code, stderr} = await place.run(['scan', '--manifests', 'nowhere']);
    expect(stderr).toContain('nowhere does not exist');
    expect(code).toBe(3);
  });

  it('is 130 after ctrl-c', async () => {
    const terminal = openTerminal(process.execPath, [program, 'scan', '--manifests', '-'], {
      environment: place.environment,
      cwd: place.folder,
    });
    await terminal.see('Reading -');
    terminal.press('\x03');
    expect(await terminal.exited).toBe(130);
  });
});

describe('what is scanned', () => {
  it('reads standard input', async () => {
    const {stdout} = await place.run(['scan', '--manifests', '-', '--format', 'json'], {input: web});
    const {target, controls} = JSON.parse(stdout) as ScanReport;
    expect(target).toBe('standard input (files)');
    expect(controls.find(({id}) => id === 'C-0057')?.objects.map(({id, source}) => [id, source])).toEqual([
      ['Deployment/shop/web', 'stdin:2'],
    ]);
  });

  it('only the controls that were named, in any case', async () => {
    const {controls, score} = await report('--control', 'c-0057', 'C-0038');
    expect(controls.map(({id}) => id).sort()).toEqual(['C-0038', 'C-0057']);
    expect(score).toBe(0);
  });

  it('only the namespaces that were named; what is about the cluster is not evaluated, and no pass', async () => {
    place.write('deploy/safe.yaml', safe.replace('namespace: shop', 'namespace: bank'));
    const {controls} = await report('--namespace', 'bank');
    const of = (id: string) => controls.find((one) => one.id === id);
    expect(of('C-0057')).toMatchObject({all: 1, failed: 0});
    expect(of('C-0066')).toMatchObject({
      status: 'notEvaluated',
      reason: 'It looks at the cluster itself, not at namespace bank.',
    });
  });

  it('writes paths as they are typed from the working folder', async () => {
    const {controls} = await report('--control', 'C-0057');
    expect(controls[0]?.objects[0]?.source).toBe('deploy/web.yaml:2');
  });

  it('scans the practice cluster, in the edition of its story', async () => {
    const {stdout, code} = await place.run(['scan', '--practice', '--format', 'json']);
    const {framework, score, controls} = JSON.parse(stdout) as ScanReport;
    expect({code, framework, score}).toEqual({code: 0, framework: 'nsa-2021', score: 67});
    expect(controls.find(({id}) => id === 'C-0034')).toMatchObject({failed: 63, all: 63, compliance: 0});
  });
});

describe('output', () => {
  it('goes to a file, and then stdout stays empty', async () => {
    const {stdout, code} = await scan('--format', 'yaml', '--output', 'report.yaml');
    expect([code, stdout]).toEqual([0, '']);
    expect(parse(readFileSync(place.path('report.yaml'), 'utf8'))).toEqual(await report());
  });

  it('says when the file can not be written', async () => {
    const {code, stderr} = await scan('--output', 'no/such/folder');
    expect(stderr).toContain("no/such/folder can't be written");
    expect(code).toBe(2);
  });

  it('is ASCII without colour where there is no terminal', async () => {
    const {stdout} = await scan();
    expect(stdout).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it.each([
    [{FORCE_COLOR: '1'}, true],
    [{FORCE_COLOR: '1', NO_COLOR: '1'}, true],
    [{FORCE_COLOR: '0'}, false],
    [{}, false],
  ])('with %j in the environment has colour: %s', async (environment, colour) => {
    const {stdout} = await place.run(['scan', '--manifests', 'deploy', '--control', 'C-0057'], {environment});
    expect(stdout.includes('\u001B[')).toBe(colour);
  });

  it('has marks and score lines on a terminal, and the same text without colour', async () => {
    const words = [program, 'scan', '--manifests', 'deploy', '--control', 'C-0057', 'C-0044'];
    const show = async (more: Readonly<Record<string, string>>) => {
      const options = {environment: {...place.environment, ...more}, cwd: place.folder, columns: 120};
      const terminal = openTerminal(process.execPath, words, options);
      expect(await terminal.exited).toBe(0);
      await terminal.see('Score');
      return terminal;
    };
    const colour = await show({LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8'});
    expect(colour.text()).toMatch(/✗ {6}1 .* ╌{9} +0\.0% .*C-0057/);
    expect(colour.text()).toMatch(/✓ {6}0 .* ╍{9} +100% .*C-0044/);
    expect(colour.bytes()).toContain('\u001B[38;5;');
    const plain = await show({LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', NO_COLOR: '1'});
    expect(plain.bytes()).not.toContain('\u001B[38');
    const numbers = (text: string) => text.replace(/in [\d.]+ s/, '');
    expect(numbers(plain.text())).toBe(numbers(colour.text()));
    expect((await show({LANG: 'C', LC_ALL: 'C'})).text()).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('survives a reader that goes away', async () => {
    const many = Array.from({length: 400}, (_, index) =>
      web.replace('name: web  #', `name: web-${index}  #`),
    );
    place.write('deploy/many.yaml', many.join('---\n'));
    const command = `${process.execPath} ${program} scan --manifests deploy --format json --fail-under 99 | head -1; echo "\${PIPESTATUS[0]}"`;
    const {stdout, stderr} = await runProgram('bash', ['-c', command], {
      cwd: place.folder,
      environment: place.environment,
    });
    expect(stdout).toBe('{\n1\n');
    expect(stderr).toMatch(/^Score [\d.]+ is below 99\.\n$/);
  });

  it('prints no escape sequence of a manifest', async () => {
    place.write('deploy/evil.yaml', web.replace('name: web  #', 'name: "web\\e[31m\\u202e"  #'));
    const {stdout} = await scan('--baseline', await baselineFile());
    expect(stdout).not.toContain('\u001B');
    expect(stdout).not.toContain('\u202E');
    expect(stdout).toContain('New since');
  });
});

const baselineFile = async (): Promise<string> => {
  const kept = place.path('kept.yaml');
  place.write('kept.yaml', safe);
  await place.run(['scan', '--manifests', kept, '--format', 'json', '--output', 'base.json']);
  return 'base.json';
};

describe('baseline', () => {
  beforeEach(async () => {
    await scan('--format', 'json', '--output', 'base.json');
  });

  it('counts only what is new for --fail-on', async () => {
    const same = await scan('--baseline', 'base.json', '--fail-on', 'high');
    expect(same.stdout).toContain('New since base.json: nothing. Gone: nothing.');
    expect(same.code).toBe(0);
    place.write('deploy/more.yaml', web.replace('name: web  #', 'name: more  #'));
    const more = await scan('--baseline', 'base.json', '--fail-on', 'high');
    expect(more.stdout).toMatch(/ {2}C-0057 \(high\) deploy\/more\.yaml:2: /);
    expect(more.stdout).not.toMatch(/ {2}C-0057 \(high\) deploy\/web\.yaml/);
    expect(more.code).toBe(1);
  });

  it('knows a finding again when its document or its container moved', async () => {
    place.write('deploy/web.yaml', `${safe}---\n${web}`);
    const {baseline, controls} = await report('--baseline', 'base.json', '--control', 'C-0057');
    expect(baseline?.new).toBe(0);
    expect(controls[0]?.objects[0]?.source).toBe('deploy/web.yaml:14');
    const sidecar =
      '      containers:\n      - {name: first, image: busybox, securityContext: {privileged: false}}\n';
    place.write('deploy/web.yaml', web.replace('      containers:\n', sidecar));
    expect((await report('--baseline', 'base.json', '--control', 'C-0057')).baseline?.new).toBe(0);
  });

  it('tells what is gone', async () => {
    place.write('deploy/web.yaml', web.replace('hostPID: true', 'hostPID: false'));
    const {baseline} = await report('--baseline', 'base.json', '--control', 'C-0038');
    expect(baseline).toMatchObject({new: 0});
    expect(baseline?.gone).toBeGreaterThan(0);
  });

  it('says what is no baseline', async () => {
    place.write('base.json', '{"schemaVersion": 7}');
    const {code, stderr} = await scan('--baseline', 'base.json');
    expect(stderr).toContain('base.json is no report of kubekata with schemaVersion 1');
    expect(code).toBe(2);
  });
});

describe('exceptions', () => {
  const exception = (until: string) =>
    `# why we accept things\nexceptions:\n- control: C-0057\n  namespace: shop\n  name: web\n  reason: it drives the printer\n  until: ${until}\n`;

  it('are excluded with the reason, and fail again after their day', async () => {
    place.write('kubekata.yaml', exception('never'));
    const accepted = await report('--control', 'C-0057');
    expect(accepted.controls[0]).toMatchObject({status: 'passed', excluded: 1, failed: 0, compliance: 100});
    expect(accepted.controls[0]?.accepted[0]?.reason).toContain('it drives the printer');
    place.write('kubekata.yaml', exception('2020-02-29'));
    const {stdout} = await scan('--control', 'C-0057');
    expect(stdout).toContain('Accepted once, failing again (1):');
    expect(stdout).toContain(
      'C-0057 Deployment/shop/web: Accepted until 29 February 2020: the date has passed.',
    );
  });

  it('come from another file when it is named, and a mistake in it is told with its line', async () => {
    place.write('accepted.yaml', exception('never'));
    expect((await report('--control', 'C-0057', '--exceptions', 'accepted.yaml')).controls[0]?.excluded).toBe(
      1,
    );
    place.write('accepted.yaml', exception('tomorrow'));
    const {code, stderr} = await scan('--exceptions', 'accepted.yaml');
    expect(stderr).toMatch(/^accepted\.yaml:7:10: until is a date/);
    expect(code).toBe(2);
  });

  it('stand on the object too', async () => {
    const annotated = web.replace(
      '  namespace: shop\n',
      '  namespace: shop\n  annotations: {kubekata.dev/accept: "C-0057 until never: it drives the printer"}\n',
    );
    place.write('deploy/web.yaml', annotated);
    expect((await report('--control', 'C-0057')).controls[0]?.excluded).toBe(1);
  });

  it('are taken over from kubescape, once, and comments stay', async () => {
    place.write('kubekata.yaml', exception('never'));
    place.write(
      'theirs.json',
      JSON.stringify([
        {
          name: 'printer',
          policyType: 'postureExceptionPolicy',
          resources: [
            {designatorType: 'Attributes', attributes: {kind: 'Deployment', namespace: 'shop', name: 'web'}},
          ],
          posturePolicies: [{controlID: 'C-0038'}],
        },
      ]),
    );
    const {code, stderr} = await place.run(['exceptions', 'import', 'theirs.json', '--until', '2999-12-31']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('1 exception was added to kubekata.yaml')]);
    expect(readFileSync(place.path('kubekata.yaml'), 'utf8')).toContain('# why we accept things');
    expect((await report('--control', 'C-0038')).controls[0]?.excluded).toBe(1);
    const again = await place.run(['exceptions', 'import', 'theirs.json']);
    expect(again.stderr).toContain('0 exceptions were added to kubekata.yaml; 1 stood there already');
  });
});
