import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type ControlPlane, startControlPlane, until} from '../helpers/control-plane.ts';
import {type FaultProxy, startFaultProxy} from '../helpers/fault-proxy.ts';
import {makeWorkplace} from '../helpers/kubekata.ts';
import {openProgram, temporaryFolder} from '../helpers/program.ts';
import {hasShared} from '../helpers/shared.ts';
import {keys, type Terminal} from '../helpers/terminal.ts';
import {applyAndConfirm, mark, openControl} from '../helpers/walk.ts';

/** What an attacker would write: a window title, a colour, a cleared screen, a turned reading direction. */
const title = '\u001b]0;PWNED\u0007';
const colour = '\u001b[31m';
const clear = '\u001b[2J';
const turned = '\u202e';
const all = `${title}${colour}${clear}${turned}\u0085\u2067`;
const password = 'hunter2-is-never-shown';
const key = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzz9xKEY0Q1a';

const quoted = JSON.stringify;

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${quoted(`web${all}`)}, namespace: ${quoted(`shop${title}`)}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {note: ${quoted(all)}}}
    spec:
      hostNetwork: true
      containers:
      - name: ${quoted(`main${colour}`)}
        image: ${quoted(`web${colour}:latest`)}
        securityContext: {privileged: true, capabilities: {add: [${quoted(`SYS${clear}_ADMIN`)}]}}
        env:
        - {name: DB_PASSWORD, value: ${password}}
        - {name: ${quoted(`AWS${turned}_SECRET_ACCESS_KEY`)}, value: ${key}}
`;

const live = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop, annotations: {note: ${quoted(all)}}}
---
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
stringData: {password: ${password}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, annotations: {note: ${quoted(all)}, aside: ${quoted(`this${turned}`)}}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {sim/fail: CreateContainerConfigError, sim/message: ${quoted(`no ${all}settings`)}}
    spec:
      serviceAccountName: web
      containers:
      - name: main
        image: ${quoted(`web:1`)}
        env:
        - {name: DB_PASSWORD, value: ${password}}
        - {name: AWS_SECRET_ACCESS_KEY, value: ${key}}
        - {name: NOTE, value: ${quoted(all)}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: hostile}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments]}
  validations:
  - {expression: "1 == 2", messageExpression: "'please ' + object.metadata.annotations['aside']", message: never}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: hostile}
spec: {policyName: hostile, validationActions: [Warn]}
`;

/** Control characters and those that turn the reading direction; tab, line feed and carriage return are text. */
const unsafe = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Nothing of the attacker's is in what was written to a terminal, which has sequences of its own. */
function expectTame(bytes: string): void {
  expect(bytes).not.toContain('\u001b]0;PWNED');
  expect(bytes).not.toContain('\u202e');
  expect(bytes).not.toContain('\u2067');
  expect(bytes).not.toContain('\u0085');
  // The program itself clears the whole screen only where it takes the terminal over, or gives it back.
  expect(bytes.split(clear).length - 1).toBeLessThanOrEqual(2);
  expectNoCredential(bytes);
}

function expectNoCredential(text: string): void {
  for (const secret of [password, key]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('base64'));
  }
}

/** All that kubekata keeps: readable for its user alone, without a credential. */
function expectPrivate(folder: string): number {
  let files = 0;
  for (const entry of readdirSync(folder, {withFileTypes: true, recursive: true})) {
    const path = join(entry.parentPath, entry.name);
    const mode = statSync(path).mode & 0o777;
    expect([path, mode.toString(8)]).toEqual([path, entry.isDirectory() ? '700' : '600']);
    if (!entry.isFile()) continue;
    files += 1;
    expectNoCredential(readFileSync(path, 'latin1'));
  }
  return files;
}

describe('hostile manifests, through the built program', () => {
  for (const format of ['table', 'json', 'yaml', 'sarif', 'junit', 'markdown', 'html', 'csv']) {
    it(`scan --format ${format} prints nothing that a terminal acts on, and no credential`, async () => {
      const place = makeWorkplace();
      place.write('deploy/web.yaml', manifest);
      place.write('deploy/broken.yaml', `a: [1\nb: "${colour}`);
      const {stdout, stderr} = await place.run(['scan', '--manifests', 'deploy', '--format', format]);
      place.remove();
      expect(stdout.length).toBeGreaterThan(100);
      expect(stdout).not.toMatch(unsafe);
      expect(stderr).not.toMatch(unsafe);
      expectNoCredential(stdout + stderr);
    });
  }

  it('in a terminal: list, details, YAML and preview', {timeout: 60_000}, async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'web.yaml'), manifest);
    const terminal = openProgram(['--manifests', folder], {columns: 120, rows: 40, cwd: folder});
    await terminal.see('C-0057', 20_000);
    await openControl(terminal, 'C-0057');
    terminal.press(keys.tab);
    await terminal.see('[Failing');
    terminal.press('y');
    await terminal.see('kind: Deployment');
    terminal.press(keys.escape);
    await terminal.see('[Failing');
    terminal.press(keys.enter);
    await terminal.see('In web.yaml');
    terminal.press(keys.escape);
    await terminal.see('[Failing');
    terminal.press('a');
    await terminal.see(/May break/);
    await terminal.see('Owner');
    terminal.press('q');
    await terminal.exited;
    expectTame(terminal.bytes());
  });
});

describe.skipIf(!hasShared)('a hostile cluster, through the built program', () => {
  let plane: ControlPlane;
  let proxy: FaultProxy;

  beforeAll(async () => {
    plane = await startControlPlane();
    proxy = await startFaultProxy(plane);
    await plane.load(live);
    await until(
      async () => (await plane.kubectl('-n', 'shop', 'get', 'pods', '-o', 'name')).trim() !== '',
      'a pod',
    );
    // The server itself drops warnings with control characters, and hands on what turns the reading direction.
    await until(async () => {
      const {stderr} = await plane.kubectlAll(
        '-n',
        'shop',
        'label',
        'deployment/web',
        'x=y',
        '--overwrite',
        '--dry-run=server',
      );
      return stderr.includes('please this');
    }, 'the warning of the policy');
    // The pod that runs is healed; what is rolled out next fails, with a message that is an attack.
    await plane.kubectl('-n', 'shop', 'annotate', 'pods', '--all', 'sim/fail-');
  }, 120_000);
  afterAll(async () => {
    await proxy?.stop();
    await plane?.stop();
  });

  const open = (home: string): Terminal =>
    openProgram(['--kubeconfig', proxy.kubeconfig], {columns: 120, rows: 40, home});

  it('in a terminal: YAML, warnings, messages of pods, journal', {timeout: 90_000}, async () => {
    const home = temporaryFolder();
    const terminal = open(home);
    await terminal.see(/proxied \(LIVE\).*not evaluated +[\d.]+$/m, 30_000);
    await openControl(terminal, 'C-0016');
    await mark(terminal, /web/);
    terminal.press('y');
    await terminal.see('kind: Deployment');
    await terminal.see(/DB_PASSWORD/);
    terminal.press(keys.escape);
    await terminal.see('[Failing');
    terminal.press('a');
    await terminal.see('please this');
    await applyAndConfirm(terminal);
    await terminal.see(/CreateContainerConfigError:\s+no/, 30_000);
    terminal.press('u');
    await terminal.see('u undo change 1');
    terminal.press(keys.enter);
    await terminal.see('Deployment shop/web');
    terminal.press('q');
    await terminal.exited;
    expectTame(terminal.bytes());
    expect(expectPrivate(join(home, 'state'))).toBeGreaterThan(1);
  });

  it('in a terminal: a credential that moves into a Secret is in no frame and in no file', {
    timeout: 90_000,
  }, async () => {
    const home = temporaryFolder();
    const terminal = open(home);
    await terminal.see(/proxied \(LIVE\).*not evaluated +[\d.]+$/m, 30_000);
    await openControl(terminal, 'C-0012');
    await mark(terminal, /web/);
    terminal.press('a');
    await terminal.see(/May break/, 20_000);
    await terminal.see(/\*\*\* \(\d+ chars\)/);
    await applyAndConfirm(terminal);
    await terminal.see(/✓ journal/);
    await until(
      async () =>
        !(await plane.kubectl('-n', 'shop', 'get', 'deployment', 'web', '-o', 'jsonpath={.spec}')).includes(
          password,
        ),
      'the password moved',
    );
    terminal.press(keys.ctrlC);
    await terminal.exited;
    expectTame(terminal.bytes());
    expectPrivate(join(home, 'state'));
  });

  it('its errors', async () => {
    for (const [path, answer] of [
      ['pods', 500],
      ['pods', 403],
      ['version', 401],
    ] as const) {
      const body = {kind: 'Status', status: 'Failure', code: answer, message: `User "x${all}" cannot ${all}`};
      proxy.fault = ({url = ''}) => (url.includes(path) ? {answer, body} : undefined);
      const place = makeWorkplace();
      const {stdout, stderr} = await place.run(['scan', '--kubeconfig', proxy.kubeconfig]);
      place.remove();
      expect((stdout + stderr).length).toBeGreaterThan(40);
      expect(stdout).not.toMatch(unsafe);
      expect(stderr).not.toMatch(unsafe);
      const terminal = open(temporaryFolder());
      await terminal.see(answer === 401 ? /does not know you/ : /proxied \(LIVE\)/, 20_000);
      terminal.press(keys.ctrlC);
      await terminal.exited;
      expectTame(terminal.bytes());
    }
    proxy.fault = () => undefined;
  }, 60_000);
});
