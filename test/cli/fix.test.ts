import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {ScanReport} from '../../src/report/scan-json.ts';
import {makeWorkplace, program, type Workplace} from '../helpers/kubekata.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {safe, web} from './manifests.ts';

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
  place.write('deploy/web.yaml', web);
});
afterEach(() => place.remove());

const text = (name = 'deploy/web.yaml') => readFileSync(place.path(name), 'utf8');
const fix = (...words: readonly string[]) => place.run(['fix', '--manifests', 'deploy', ...words]);
const failing = async (control: string) => {
  const words = ['scan', '--manifests', 'deploy', '--format', 'json', '--control', control];
  const {controls} = JSON.parse((await place.run(words)).stdout) as ScanReport;
  return controls[0]?.failed;
};

describe('fix --dry-run', () => {
  it('prints a patch that git takes and that does what --yes does, and writes nothing', async () => {
    const dry = await fix('--dry-run', '--include', 'review');
    expect([dry.code, text()]).toEqual([0, web]);
    expect(dry.stderr).toMatch(
      /Nothing was written\. Without --dry-run each change is shown and asked for\.\n$/,
    );
    await fix('--yes', '--include', 'review');
    const [fixed, added] = [text(), text('deploy/kubekata-added.yaml')];
    place.write('deploy/web.yaml', web);
    execFileSync('rm', [place.path('deploy/kubekata-added.yaml')]);
    execFileSync('git', ['apply', '-'], {cwd: place.folder, input: dry.stdout});
    expect(text()).toBe(fixed);
    expect(text('deploy/kubekata-added.yaml')).toBe(added);
  });

  it.each([
    ['CRLF line ends', web.replaceAll('\n', '\r\n')],
    ['no line end at the end', web.trimEnd()],
    ['a byte-order mark', `\uFEFF${web}`],
  ])('is a patch for a file with %s', async (_, manifest) => {
    place.write('deploy/web.yaml', manifest);
    const {stdout} = await fix('--dry-run');
    execFileSync('git', ['apply', '-'], {cwd: place.folder, input: stdout});
    expect(text()).not.toBe(manifest);
    const patched = text();
    place.write('deploy/web.yaml', manifest);
    await fix('--yes');
    expect(patched).toBe(text());
  });

  it('is a patch for a file whose name has spaces and quotes', async () => {
    place.write('deploy/a "b" c.yaml', web.replace('name: web  #', 'name: other  #'));
    const {stdout} = await fix('--dry-run');
    execFileSync('git', ['apply', '-'], {cwd: place.folder, input: stdout});
    expect(text('deploy/a "b" c.yaml')).toContain('automountServiceAccountToken: false');
  });

  it('is a short patch of a long file', async () => {
    const many = Array.from({length: 300}, (_, index) =>
      web.replace('name: web  #', `name: web-${index}  #`),
    );
    place.write('deploy/web.yaml', many.join('---\n'));
    const {stdout} = await fix('--dry-run', '--control', 'C-0038', '--include', 'review');
    expect(stdout.match(/^[-+](?![-+])/gm)).toHaveLength(300);
    execFileSync('git', ['apply', '-'], {cwd: place.folder, input: stdout});
    expect(await failing('C-0038')).toBe(0);
  });

  it('tells in numbers what is fixed, and why the rest is left', async () => {
    const {stderr} = await fix('--dry-run', '--control', 'C-0057', 'C-0034');
    expect(stderr).toMatch(
      /^1 of 2 failures of 2 controls gets an automatic fix, in 1 file\. [\d.]+ -> [\d.]+\.\n/,
    );
    expect(stderr).toContain('Left: C-0057 Deployment shop/web: ');
    expect(stderr).toContain('add --include review');
  });

  it('hides credentials on a terminal only, since a patch without them fits nothing', async () => {
    const secret = 'AKIAABCDEFGHIJKLMNOP';
    const env = `        env: [{name: AWS_SECRET_ACCESS_KEY, value: ${secret}}]\n        securityContext:`;
    place.write('deploy/web.yaml', web.replace('        securityContext:', env));
    const words = ['fix', '--manifests', 'deploy', '--dry-run', '--include', 'review'];
    const {stdout} = await place.run(words);
    expect(stdout).toContain(secret);
    const terminal = openTerminal(process.execPath, [program, ...words], {
      environment: place.environment,
      cwd: place.folder,
      rows: 200,
      columns: 160,
    });
    expect(await terminal.exited).toBe(0);
    await terminal.see('Credentials are hidden on a terminal.');
    expect(terminal.bytes()).not.toContain(secret);
  });

  it('shows objects of a cluster, and changes nothing there', async () => {
    const words = ['--practice', '--control', 'C-0034'];
    const {stdout, stderr, code} = await place.run(['fix', ...words, '--dry-run']);
    expect(code).toBe(0);
    expect(stdout.match(/^\+automountServiceAccountToken: false$/gm)).toHaveLength(12);
    expect(stderr).toMatch(/^12 of 63 failing objects of C-0034 get an automatic fix\. 67 -> 69\.\n/);
    const {controls} = JSON.parse(
      (await place.run(['scan', ...words, '--format', 'json'])).stdout,
    ) as ScanReport;
    expect(controls[0]?.failed).toBe(63);
  });
});

describe('fix --yes', () => {
  it('applies automatic fixes only, keeps comments and mode, and says how to take it back', async () => {
    execFileSync('chmod', ['640', place.path('deploy/web.yaml')]);
    const {code, stderr, stdout} = await fix('--yes');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Change 1 wrote 1 object. kubekata undo 1 --manifests deploy takes it back.');
    expect(text()).toBe(web.replace(/$/, '      automountServiceAccountToken: false\n'));
    expect(statSync(place.path('deploy/web.yaml')).mode & 0o777).toBe(0o640);
  });

  it('goes to the review with --include, all controls in one change per object', async () => {
    const {stderr} = await fix('--yes', '--include', 'review');
    expect(await failing('C-0057')).toBe(0);
    expect(await failing('C-0038')).toBe(0);
    expect(text()).toContain('# owned by team A\n');
    expect(text()).toContain('name: web  # the shop\n');
    const again = await fix('--yes', '--include', 'review');
    expect(again.stderr).toMatch(/^None of \d+ failures of \d+ controls got an automatic fix/);
    expect(stderr).toMatch(/Change 1 wrote \d+ objects/);
  });

  it('asks for what only a person knows, and takes the answer', async () => {
    const asked = await fix('--yes', '--include', 'review', '--control', 'C-0271');
    expect(asked.stderr).toContain('Give a value by --answer "memory limit=VALUE".');
    expect(await failing('C-0271')).toBe(1);
    const words = ['--yes', '--include', 'review', '--control', 'C-0271', '--answer', 'memory limit=64Mi'];
    await fix(...words, '--answer', 'memory limit of web=256Mi');
    expect(await failing('C-0271')).toBe(0);
    expect(text()).toContain('memory: 256Mi');
  });

  it('leaves what is accepted', async () => {
    place.write('kubekata.yaml', 'exceptions:\n- {control: C-0034, reason: it asks the API, until: never}\n');
    await fix('--yes');
    expect(text()).toBe(web);
  });

  it('leaves other namespaces and controls', async () => {
    place.write('deploy/other.yaml', web.replace('namespace: shop', 'namespace: bank'));
    await fix('--yes', '--namespace', 'bank', '--control', 'C-0034');
    expect(text()).toBe(web);
    expect(text('deploy/other.yaml')).toContain('automountServiceAccountToken: false');
  });

  it('tells of an alias that can not be edited, and fixes the rest of that object', async () => {
    const shared = safe
      .replace('automountServiceAccountToken: false', 'hostPID: true')
      .replace('allowPrivilegeEscalation: false, ', '')
      .replace('securityContext: {readOnly', 'securityContext: &context {readOnly')
      .replace(
        /$/,
        '  - {name: d, image: busybox, resources: {limits: {cpu: 1, memory: 1Gi}}, securityContext: *context}\n',
      );
    place.write('deploy/web.yaml', shared);
    const {stderr, code} = await fix('--yes');
    expect(stderr).toMatch(
      /Left: C-0016 Pod shop\/safe: deploy\/web\.yaml|Left: C-0016 Pod shop\/safe: web\.yaml/,
    );
    expect(code).toBe(0);
    expect(text()).toContain('automountServiceAccountToken: false');
    expect(text()).toContain('securityContext: *context');
  });

  it('ends with 3 when a file could not be read, after fixing the others', async () => {
    place.write('deploy/broken.yaml', 'kind: Pod\nmetadata: [');
    const {code, stderr} = await fix('--yes');
    expect(stderr).toMatch(/Not read: deploy\/broken\.yaml:\d+:\d+: /);
    expect(code).toBe(3);
    expect(text()).not.toBe(web);
  });
});

describe('fix --object', () => {
  it('fixes all of one object as one change, and nothing beside it', async () => {
    place.write('deploy/other.yaml', web.replace('name: web  #', 'name: other  #'));
    const other = text('deploy/other.yaml');
    const done = await fix('--object', 'Deployment/shop/web', '--yes', '--include', 'review');
    expect(done.code, done.stderr).toBe(0);
    expect(text()).toContain('allowPrivilegeEscalation: false');
    expect(text()).not.toContain('hostPID');
    expect(text('deploy/other.yaml')).toBe(other);
  });

  it('says which object is meant when there is none of that name', async () => {
    const {code, stderr} = await fix('--object', 'Deployment/shop/webb', '--yes');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'There is no object "Deployment/shop/webb" here. Did you mean Deployment/shop/web?\n',
    );
  });
});

describe('undo', () => {
  it('lists what was applied, newest first, and takes one back byte by byte', async () => {
    expect((await place.run(['undo', '--manifests', 'deploy'])).stderr).toContain('Nothing was applied here');
    await fix('--yes');
    await fix('--yes', '--include', 'review', '--control', 'C-0057');
    const list = await place.run(['undo', '--manifests', 'deploy']);
    expect(list.stdout.split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^ {5}2 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}applied .*C-0057/),
      expect.stringMatching(/^ {5}1 {2}.* applied /),
    ]);
    const unasked = await place.run(['undo', '2', '--manifests', 'deploy']);
    expect(unasked.stderr).toContain('Add --yes.');
    expect((await place.run(['undo', '2', '--manifests', 'deploy', '--yes'])).code).toBe(0);
    expect((await place.run(['undo', '1', '--manifests', 'deploy', '--yes'])).code).toBe(0);
    expect(text()).toBe(web);
    const again = await place.run(['undo', '1', '--manifests', 'deploy', '--yes']);
    expect([again.code, again.stderr]).toEqual([0, 'Change 1 is undone already.\n']);
  });

  it('leaves a field that somebody changed since, and says so', async () => {
    await fix('--yes');
    place.write('deploy/web.yaml', text().replace('Token: false', 'Token: true'));
    const {code, stderr} = await place.run(['undo', '1', '--manifests', 'deploy', '--yes']);
    expect(stderr).toContain('automountServiceAccountToken is true now, not false');
    expect(text()).toContain('automountServiceAccountToken: true');
    expect(code).toBe(0);
  });
});

describe('fix at a terminal', () => {
  const open = (...words: readonly string[]) =>
    openTerminal(process.execPath, [program, 'fix', ...words], {
      environment: {...place.environment, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8'},
      cwd: place.folder,
      rows: 60,
      columns: 110,
    });

  it('shows the diff and the four answers of each object, and applies what gets a y', async () => {
    const terminal = open('--manifests', 'deploy');
    await terminal.see('Apply to Deployment shop/web? [y/n/a/q/e]');
    expect(terminal.text()).toContain('+       automountServiceAccountToken: false');
    for (const label of ['Score', 'Server', 'May break', 'Owner']) {
      expect(terminal.text()).toMatch(new RegExp(`^  ${label} +[✓✗!=] \\S`, 'm'));
    }
    terminal.press('what\r');
    await terminal.see('y applies it, n leaves it');
    expect(text()).toBe(web);
    terminal.press('y\r');
    await terminal.see('Change 1 wrote 1 object.');
    expect(text()).toBe(`${web}      automountServiceAccountToken: false\n`);
    // Then what has to be looked at closer.
    await terminal.see(/review .*\n[\s\S]*Apply to Deployment shop\/web\?/);
    terminal.press('q\r');
    expect(await terminal.exited).toBe(0);
    expect(text()).toBe(`${web}      automountServiceAccountToken: false\n`);
  });

  it('leaves what gets an n, and applies all that follow after an a', async () => {
    place.write(
      'deploy/web.yaml',
      [web, web.replace('name: web  #', 'name: api  #'), web.replace('name: web  #', 'name: cron  #')].join(
        '---\n',
      ),
    );
    const terminal = open('--manifests', 'deploy', '--control', 'C-0034');
    await terminal.see(/Apply to Deployment shop\/\w+\? \[y\/n\/a\/q\/e\]\s*$/);
    terminal.press('n\r');
    await terminal.see((shown) => (shown.match(/Apply to/g) ?? []).length === 2);
    terminal.press('a\r');
    expect(await terminal.exited).toBe(0);
    expect(text().match(/automountServiceAccountToken: false/g)).toHaveLength(2);
    await terminal.see('You said no.');
  });

  it('writes an exception for an e, with the reason and the end', async () => {
    const terminal = open('--manifests', 'deploy', '--control', 'C-0034');
    await terminal.see('Apply to Deployment shop/web?');
    terminal.press('e\r');
    await terminal.see('Why is it accepted?');
    terminal.press('it asks the API\r');
    await terminal.see('Until when?');
    terminal.press('2999-12-31\r');
    await terminal.see('Accepted in kubekata.yaml: C-0034 of Deployment shop/web');
    expect(await terminal.exited).toBe(0);
    expect(text()).toBe(web);
    expect(await failing('C-0034')).toBe(0);
  });

  it('ends with 130 at ctrl-c, and what was applied stays undoable', async () => {
    const terminal = open('--manifests', 'deploy');
    await terminal.see('Apply to Deployment shop/web?');
    terminal.press('y\r');
    await terminal.see(/review .*\n[\s\S]*Apply to Deployment shop\/web\?/);
    terminal.press('\x03');
    expect(await terminal.exited).toBe(130);
    expect((await place.run(['undo', '1', '--manifests', 'deploy', '--yes'])).code).toBe(0);
    expect(text()).toBe(web);
    expect(existsSync(place.path('kubekata.yaml'))).toBe(false);
  });
});
