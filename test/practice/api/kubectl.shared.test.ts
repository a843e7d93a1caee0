import {execFileSync, spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {hasShared, shared} from '../../helpers/shared.ts';
import {type Practice, startPractice} from './practice.ts';

describe.skipIf(!hasShared)('kubectl', () => {
  let practice: Practice;
  let program: string;
  beforeAll(async () => {
    program = join(execFileSync(shared('cluster/bin.sh'), {encoding: 'utf8'}).trim(), 'kubectl');
    practice = await startPractice();
  });
  afterAll(() => practice.close());

  /** What kubectl prints in the namespace `shop`, both streams. It runs beside us: the server is in this process. */
  async function kubectl(args: readonly string[], input = ''): Promise<string> {
    const {execFile} = await import('node:child_process');
    return new Promise((resolve) => {
      const env = {
        PATH: process.env.PATH,
        HOME: practice.directory,
        KUBECONFIG: practice.cluster.kubeconfigPath,
      };
      const child = execFile(program, ['--namespace', 'shop', ...args], {env}, (_error, stdout, stderr) =>
        resolve(`${stdout}${stderr}`.trim()),
      );
      child.stdin?.end(input);
    });
  }
  const lines = (text: string): string[] =>
    text.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());

  const manifest = (image: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "${image}"}
      - {name: log, image: "log:1"}
`;

  test('applies from the client, shows tables, patches, and refuses unknown fields', async () => {
    expect(await kubectl(['apply', '--server-side=false', '-f', '-'], manifest('web:1'))).toBe(
      'deployment.apps/web created',
    );
    expect(await kubectl(['apply', '--server-side=false', '-f', '-'], manifest('web:1'))).toBe(
      'deployment.apps/web unchanged',
    );
    expect(await kubectl(['apply', '--server-side=false', '-f', '-'], manifest('web:2'))).toBe(
      'deployment.apps/web configured',
    );
    const table = lines(await kubectl(['get', 'deploy', '-o', 'wide']));
    expect(table[0]).toBe('NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR');
    expect(table[1]).toMatch(/^web 0\/1 0 0 \d+s web,log web:2,log:1 app=web$/);
    const patch = '{"spec":{"template":{"spec":{"containers":[{"name":"log","image":"log:2"}]}}}}';
    expect(await kubectl(['patch', 'deploy', 'web', '-p', patch])).toBe('deployment.apps/web patched');
    const images = ['get', 'deploy', 'web', '-o', 'jsonpath={.spec.template.spec.containers[*].image}'];
    expect(await kubectl(images)).toBe('web:2 log:2');
    const odd = manifest('web:2').replace('spec:\n  selector', 'spec:\n  replica: 2\n  selector');
    expect(await kubectl(['apply', '--server-side=false', '-f', '-'], odd)).toContain(
      'strict decoding error: unknown field "spec.replica"',
    );
  });

  test('applies from the server, with conflicts', async () => {
    const map = (value: string): string =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {a: ${value}}}`;
    const apply = (value: string, ...more: readonly string[]) =>
      kubectl(['apply', '--server-side', '-f', '-', ...more], map(value));
    expect(await apply('one')).toBe('configmap/m serverside-applied');
    expect(await apply('two', '--field-manager=other')).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl": .data.a',
    );
    expect(await apply('two', '--field-manager=other', '--force-conflicts')).toBe(
      'configmap/m serverside-applied',
    );
  });

  test('what its typed clients send as protobuf is understood', async () => {
    expect(await kubectl(['create', 'ingress', 'web', '--rule=a.example/x*=web:80'])).toBe(
      'ingress.networking.k8s.io/web created',
    );
    expect(await kubectl(['get', 'ing', 'web', '-o', 'jsonpath={.spec.rules[0].http.paths[0]}'])).toBe(
      '{"backend":{"service":{"name":"web","port":{"number":80}}},"path":"/x","pathType":"Prefix"}',
    );
    expect(await kubectl(['create', 'secret', 'generic', 's', '--from-literal=a=b'])).toBe(
      'secret/s created',
    );
    expect(await kubectl(['create', 'quota', 'q', '--hard=pods=5,limits.memory=1Gi'])).toBe(
      'resourcequota/q created',
    );
    expect(await kubectl(['auth', 'can-i', 'list', 'pods', '--as', 'jane'])).toBe('yes');
    expect(await kubectl(['auth', 'can-i', 'list', 'secrets', '--as', 'jane'])).toBe('no');
    expect((await kubectl(['create', 'token', 'default'])).split('.')).toHaveLength(3);
  });

  test('explains, discovers, waits and deletes', async () => {
    expect(await kubectl(['explain', 'deployment.spec.strategy'])).toContain(
      'rollingUpdate\t<RollingUpdateDeployment>',
    );
    expect(lines(await kubectl(['api-resources', '--api-group=apps', '-o', 'name']))).toContain(
      'deployments.apps',
    );
    expect(await kubectl(['describe', 'ns', 'shop'])).toContain('Status:       Active');
    expect(await kubectl(['delete', 'deploy', 'web', '--timeout=10s'])).toContain(
      'deployment.apps "web" deleted',
    );
    expect(await kubectl(['get', 'deploy', 'web'])).toBe(
      'Error from server (NotFound): deployments.apps "web" not found',
    );
    expect(await kubectl(['exec', 'nothing', '--', 'ls'])).toContain('pods "nothing" not found');
  });

  test('the kubeconfig works without a line of setup', () => {
    expect(
      spawnSync(program, ['config', 'current-context', '--kubeconfig', practice.cluster.kubeconfigPath], {
        encoding: 'utf8',
      }).stdout.trim(),
    ).toBe('kubekata-practice');
  });
});
