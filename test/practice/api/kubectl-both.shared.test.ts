import {type ChildProcess, execFileSync} from 'node:child_process';
import {copyFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {until} from '../../helpers/control-plane.ts';
import {hasShared, shared} from '../../helpers/shared.ts';
import {type Kubectl, kubectlFor} from './kubectl.ts';
import {compare, plain, type Step} from './kubectl-both.ts';
import {access} from './kubectl-steps/access.ts';
import {creations} from './kubectl-steps/creations.ts';
import {descriptions} from './kubectl-steps/descriptions.ts';
import {edits} from './kubectl-steps/edits.ts';
import {everyday} from './kubectl-steps/everyday.ts';
import {explanations} from './kubectl-steps/explanations.ts';
import {nodes} from './kubectl-steps/nodes.ts';
import {reads} from './kubectl-steps/reads.ts';
import {rollouts} from './kubectl-steps/rollouts.ts';
import {sets} from './kubectl-steps/sets.ts';
import {newDirectory, type Practice, removeDirectory, startPractice} from './practice.ts';

describe.skipIf(!hasShared)('kubectl on both clusters', () => {
  const directory = newDirectory();
  let practice: Practice;
  let configs: readonly [string, string];
  beforeAll(async () => {
    const plane = join(directory, 'plane');
    execFileSync(shared('cluster/up.sh'), [plane]);
    practice = await startPractice(undefined, {withControllers: true});
    configs = [join(plane, 'kubeconfig'), practice.cluster.kubeconfigPath];
    const subject = '/CN=x';
    const [key, crt] = [join(directory, 'tls.key'), join(directory, 'tls.crt')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', crt, '-subj', subject], {
      stdio: 'ignore',
    });
    const request = ['req', '-new', '-key', key, '-subj', '/O=readers/CN=jane'];
    execFileSync('openssl', [...request, '-out', join(directory, 'jane.csr')], {stdio: 'ignore'});
  }, 120_000);
  afterAll(async () => {
    execFileSync(shared('cluster/down.sh'), [join(directory, 'plane')]);
    removeDirectory(directory);
    await practice.close();
  }, 60_000);

  const pair = (
    namespace: string,
    onStart?: (child: ChildProcess) => void,
    of: readonly string[] = configs,
  ): readonly [Kubectl, Kubectl] => {
    const [real, ours] = of.map((config) => kubectlFor(config, directory, namespace, {}, onStart));
    return [real!, ours!];
  };
  const run = (namespace: string, steps: readonly Step[]) =>
    compare(pair(namespace), [{run: 'create namespace $ns'}, ...steps], (text) =>
      text.replaceAll('$ns', namespace).replaceAll('$home', directory),
    );

  const themes = {
    everyday,
    edits,
    rollouts,
    creations,
    reads,
    nodes,
    sets,
    access,
    descriptions,
    explanations,
  };
  test.each(Object.entries(themes))(
    '%s: same end, same words, same objects',
    async (name, steps) => {
      expect(await run(`both-${name}`, steps)).toEqual({});
    },
    300_000,
  );

  test('watches show the same changes', async () => {
    const namespace = 'both-watch';
    const kubectl = pair(namespace);
    const all = (args: readonly string[], input?: string) =>
      Promise.all(kubectl.map((one) => one(args, input)));
    await all(['create', 'namespace', namespace]);
    await all(['create', 'configmap', 'first', '--from-literal=a=b']);
    const watches = [
      ['get', 'configmap', 'first', '-w'],
      [
        'get',
        'configmaps',
        '--field-selector=metadata.name!=kube-root-ca.crt',
        '-w',
        '--output-watch-events',
      ],
      ['get', 'configmaps', '-l', 'a=b', '--watch-only', '-o', 'name'],
      [
        'get',
        'deployments',
        '-w',
        '--output-watch-events',
        '-o',
        'jsonpath={.type} {.object.metadata.name} {.object.spec.replicas}{"\\n"}',
      ],
    ] as const;
    const children: ChildProcess[] = [];
    const printed: string[] = [];
    const ends = watches.flatMap((args) =>
      pair(namespace, (child) => {
        const at = children.push(child) - 1;
        printed[at] = '';
        child.stdout?.on('data', (text: string) => {
          printed[at] += text;
        });
      }).map((one) => one(args)),
    );
    await until(() => printed[2]!.includes('first') && printed[3]!.includes('first'), 'the first lines');
    await all(['create', 'configmap', 'second', '--from-literal=a=b']);
    await all(['label', 'configmap', 'second', 'a=b']);
    await all(['patch', 'configmap', 'first', '-p', '{"data":{"c":"d"}}']);
    await all(['patch', 'configmap', 'second', '-p', '{"data":{"c":"d"}}']);
    await all(['label', 'configmap', 'second', 'a-']);
    await all(['delete', 'configmap', 'second']);
    await all(['create', 'deployment', 'web', '--image=nginx', '--replicas=0']);
    await all(['scale', 'deployment', 'web', '--replicas=1']);
    await all(['delete', 'deployment', 'web']);
    const last = [/first +2/, /DELETED.*second/, /second[\s\S]*second/, /DELETED web/];
    const lines = (at: number): string[] => [...new Set(plain(printed[at] ?? '').split('\n'))];
    for (const [index, end] of last.entries())
      for (const at of [2 * index, 2 * index + 1])
        await until(() => end.test(printed[at]!), `${watches[index]!.join(' ')} shows ${end}`);
    for (const child of children) child.kill();
    await Promise.all(ends);
    for (const index of watches.keys())
      expect(lines(2 * index + 1), watches[index]!.join(' ')).toEqual(lines(2 * index));
  }, 120_000);

  test('a certificate is requested, approved or denied, and used', async () => {
    const copies = configs.map((config, index) => {
      const copy = join(directory, `config-${index}`);
      copyFileSync(config, copy);
      return copy;
    });
    const kubectl = pair('default', undefined, copies);
    const body = (name: string, signer = 'kubernetes.io/kube-apiserver-client', more = ''): string => `
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: ${name}}
spec: {signerName: ${signer}, request: ${execFileSync('base64', ['-w0', join(directory, 'jane.csr')], {encoding: 'utf8'})}, usages: [client auth]${more}}
`;
    const me = (text: string): string => text.replaceAll(/\b(admin|kubekata-admin)\b/g, '<me>');
    expect(
      await compare(kubectl, [
        {run: 'create -f -', input: body('jane', undefined, ', expirationSeconds: 600')},
        {run: 'get csr jane', show: me},
        {run: 'certificate approve nobody'},
        {run: 'certificate approve jane --as=joe'},
        {run: 'certificate approve jane'},
        {run: 'get csr jane', show: me, until: /Issued/},
        {run: 'certificate approve jane'},
        {run: 'certificate deny jane'},
        {run: 'create -f -', input: body('joe')},
        {run: 'certificate deny joe'},
        {run: 'certificate approve joe'},
        {run: 'get csr joe', show: me},
        {run: 'create -f -', input: body('node', 'kubernetes.io/kube-apiserver-client-kubelet')},
        {run: 'certificate approve node'},
        {run: 'get csr node', show: me, until: /Failed|Issued/},
        {run: 'create -f -', input: body('own', 'example.org/mine')},
        {run: 'certificate approve own'},
        {run: 'get csr own', show: me},
        {run: 'create -f -', input: body('bad', 'nonsense')},
        {run: 'create -f -', input: body('short', undefined, ', expirationSeconds: 10')},
        {run: 'create -f -', input: body('odd', undefined).replace('client auth', 'fly')},
        {run: 'create -f -', input: body('empty').replace(/request: \S+,/, 'request: bm90aGluZw==,')},
        {run: 'describe csr jane', show: (text) => me(text).replaceAll(/Serial Number:.*/g, '')},
      ]),
    ).toEqual({});
    for (const [index, one] of kubectl.entries()) {
      const {stdout} = await one(['get', 'csr', 'jane', '-o', 'jsonpath={.status.certificate}']);
      writeFileSync(join(directory, `jane-${index}.crt`), Buffer.from(stdout, 'base64'));
      const flags = [
        `--client-certificate=${join(directory, `jane-${index}.crt`)}`,
        `--client-key=${join(directory, 'tls.key')}`,
      ];
      await one(['config', 'set-credentials', 'jane', ...flags, '--embed-certs']);
      const cluster = (await one(['config', 'view', '-o', 'jsonpath={.clusters[0].name}'])).stdout;
      await one(['config', 'set-context', 'jane', `--cluster=${cluster}`, '--user=jane']);
    }
    expect(
      await compare(kubectl, [
        {run: 'auth whoami --context=jane', show: (text) => text.replace(/.*credential-id.*\n/, '')},
        {run: 'get pods --context=jane'},
        {run: 'create rolebinding readers --clusterrole=view --group=readers'},
        {run: 'get pods --context=jane'},
        {run: 'delete pod x --context=jane'},
        {run: 'auth can-i create pods --context=jane'},
      ]),
    ).toEqual({});
  }, 120_000);

  test('top tells what the metrics server would, which the real cluster here lacks', async () => {
    const [real, ours] = pair('both-top');
    for (const one of [real, ours]) {
      await one(['create', 'namespace', 'both-top']);
      await one(['run', 'one', '--image=registry.k8s.io/pause:3.10', '--labels=app=one']);
      await one(['wait', '--for=condition=Ready', 'pod/one', '--timeout=30s']);
    }
    expect(await real(['top', 'pods'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: Metrics API not available\n',
    });
    expect((await ours(['top', 'pods'])).stdout).toMatch(
      /^NAME +CPU\(cores\) +MEMORY\(bytes\) +\none +\d+m +\d+Mi +\n$/,
    );
    const containers = await ours(['top', 'pods', '--containers', '-l', 'app=one', '--no-headers']);
    expect(containers.stdout).toMatch(/^one +one +\d+m +\d+Mi +\n$/);
    expect((await ours(['top', 'nodes', '--no-headers'])).stdout.trim().split('\n')).toHaveLength(3);
    expect((await ours(['top', 'node', 'rpi-1'])).stdout).toMatch(
      /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) +\nrpi-1 +\d+m +\d+% +\d+Mi +\d+% +\n$/,
    );
    expect((await ours(['top', 'pods', '-n', 'nowhere'])).stderr).toBe(
      'No resources found in nowhere namespace.\n',
    );
    expect((await ours(['top', 'pods', '--as=jane'])).stderr).toContain(
      'cannot list resource "pods" in API group "metrics.k8s.io"',
    );
  }, 60_000);
});
