import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {isArray, isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {apiProcess} from '../../../src/practice/api-process.ts';
import {refusalOf, startApiServer} from '../../helpers/api-server.ts';
import {type ControlPlane, startControlPlane} from '../../helpers/control-plane.ts';
import {hasShared} from '../../helpers/shared.ts';
import {connect, differences, newNamespace, normalise, type Send} from './differential.ts';
import type {Case} from './differential-requests.ts';
import {answeringImages, imageRequests} from './image-policy-cases.ts';
import {admissionConfiguration, backendKubeconfig, controlPlaneNode, mounted} from './image-policy-files.ts';
import {newDirectory, startPractice} from './practice.ts';
import {
  type Asked,
  type Certificates,
  makeCertificates,
  serveWebhooks,
  type WebhookServer,
} from './webhook-server.ts';

const plugins = 'NodeRestriction,ImagePolicyWebhook';

describe.skipIf(!hasShared)('ImagePolicyWebhook', () => {
  let plane: ControlPlane;
  let certificates: Certificates;
  let server: WebhookServer;
  beforeAll(async () => {
    certificates = await makeCertificates([{type: 'ip', value: '127.0.0.1'}]);
    [plane, server] = await Promise.all([startControlPlane(), serveWebhooks(certificates, answeringImages)]);
  }, 180_000);
  afterAll(async () => {
    await server.close();
    await plane.stop();
  }, 60_000);

  const cluster = (): JsonObject => ({
    'certificate-authority-data': Buffer.from(certificates.authority).toString('base64'),
  });

  /** The same requests to both, each with a backend of its own at the same server. */
  async function compare(name: string, policy: JsonObject): Promise<Record<string, readonly string[]>> {
    const folder = join(plane.folder, name);
    mkdirSync(folder);
    const at = (side: string): string => `https://127.0.0.1:${server.port}/${side}-${name}`;
    writeFileSync(join(folder, 'kubeconfig'), backendKubeconfig(at('real'), cluster()));
    writeFileSync(
      join(folder, 'admission.yaml'),
      admissionConfiguration({...policy, kubeConfigFile: join(folder, 'kubeconfig')}),
    );
    const real = await startApiServer(plane, name, {
      'enable-admission-plugins': plugins,
      'admission-control-config-file': join(folder, 'admission.yaml'),
    });
    const directory = newDirectory();
    const node = controlPlaneNode(directory);
    node.write('kubeconfig', backendKubeconfig(at('ours'), cluster()));
    node.write(
      'admission.yaml',
      admissionConfiguration({...policy, kubeConfigFile: `${mounted}/kubeconfig`}),
    );
    node.flags(
      `--enable-admission-plugins=${plugins}`,
      `--admission-control-config-file=${mounted}/admission.yaml`,
    );
    const practice = await startPractice(directory);
    const namespace = newNamespace();
    const sides: readonly (readonly [string, Send])[] = [
      [`/real-${name}`, connect(real.kubeconfig)],
      [`/ours-${name}`, connect(practice.cluster.kubeconfigPath)],
    ];
    try {
      const spaces = {
        metadata: {name: namespace, labels: {'pod-security.kubernetes.io/enforce': 'baseline'}},
      };
      const account = {metadata: {name: 'default'}};
      for (const [, send] of sides) {
        const made = [
          await send({name: 'n', method: 'POST', path: '/api/v1/namespaces', body: spaces}, namespace),
          await send(
            {name: 'a', method: 'POST', path: '/api/v1/namespaces/$ns/serviceaccounts', body: account},
            namespace,
          ),
        ];
        expect(made.map(({status}) => status)).toEqual([201, 201]);
      }
      const different: Record<string, readonly string[]> = {};
      for (const item of imageRequests) {
        const [theirs, mine] = [await run(sides[0]!, item, namespace), await run(sides[1]!, item, namespace)];
        const found = differences(theirs, mine);
        if (found.length > 0) different[item.name] = found.map((line) => line.slice(0, 400));
      }
      const asked = (path: string): number => server.asked.filter((one) => one.path.startsWith(path)).length;
      expect(asked(sides[0]![0])).toBeGreaterThan(10);
      return different;
    } finally {
      await real.stop();
      await practice.close();
    }
  }

  async function run([path, send]: readonly [string, Send], item: Case, namespace: string): Promise<Json> {
    const before = server.asked.length;
    const answer = await send(item, namespace);
    const reviews = server.asked.slice(before).map((one) => shown(one));
    const text = JSON.stringify(normalise({...answer, reviews}));
    return JSON.parse(
      text
        .replaceAll(path, '/backend')
        .replaceAll(`:${server.port}`, ':PORT')
        .replaceAll(/made-[a-z0-9]{5}/g, 'made-*'),
    ) as Json;
  }

  function shown({path, headers, body}: Asked): JsonObject {
    const {accept, authorization, 'content-type': type, 'user-agent': agent} = headers;
    return {
      path,
      headers: {
        accept: accept ?? '',
        authorization: authorization ?? '',
        type: type ?? '',
        // With the machine and the commit of its build.
        agent: (agent ?? '').split(' ')[0]!,
      },
      body: sorted(body),
    };
  }

  const sorted = (value: Json): Json =>
    isArray(value)
      ? value.map(sorted)
      : isObject(value)
        ? Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((key) => [key, sorted(value[key]!)]),
          )
        : value;

  test('refuses as its backend says, and where that does not answer', async () => {
    expect(
      await compare('strict', {allowTTL: 50, denyTTL: 50, retryBackoff: 10, defaultAllow: false}),
    ).toEqual({});
  }, 180_000);

  test('lets pass where the backend does not answer, and keeps no answer', async () => {
    expect(await compare('lax', {allowTTL: -1, denyTTL: -1, retryBackoff: 10, defaultAllow: true})).toEqual(
      {},
    );
  }, 180_000);

  test('a server does not start with what is wrong with its files, and says why in the same words', async () => {
    const good = {kubeConfigFile: 'FILES/kubeconfig'};
    const files: Readonly<Record<string, string>> = {
      kubeconfig: backendKubeconfig('https://127.0.0.1:1'),
      empty: 'a: b\n',
      broken: JSON.stringify({
        clusters: [
          {name: 'b', cluster: {server: 'https://127.0.0.1:1', 'certificate-authority': '/nope/ca.crt'}},
        ],
        users: [{name: 'u', user: {'client-certificate': '/nope/c.crt', 'client-key': '/nope/c.key'}}],
        contexts: [{name: 'c', context: {cluster: 'b', user: 'u'}}],
        'current-context': 'c',
      }),
      untrusted: JSON.stringify({
        clusters: [
          {name: 'b', cluster: {server: 'https://127.0.0.1:1', 'certificate-authority-data': 'eA=='}},
        ],
        contexts: [{name: 'c', context: {cluster: 'b', user: ''}}],
        'current-context': 'c',
      }),
    };
    const configurations: Readonly<Record<string, string>> = {
      'no kubeconfig': admissionConfiguration({kubeConfigFile: '/nope/kubeconfig'}),
      'nothing named': admissionConfiguration({}),
      'an empty kubeconfig': admissionConfiguration({kubeConfigFile: 'FILES/empty'}),
      'missing keys': admissionConfiguration({kubeConfigFile: 'FILES/broken'}),
      'no certificate': admissionConfiguration({kubeConfigFile: 'FILES/untrusted'}),
      'a long time': admissionConfiguration({...good, allowTTL: 5000}),
      'a negative time': admissionConfiguration({...good, denyTTL: -5}),
      'a long wait': admissionConfiguration({...good, retryBackoff: 600_000}),
      'a time in quotes': admissionConfiguration({...good, allowTTL: '50', defaultAllow: 'false'}),
      'a word': admissionConfiguration({...good, defaultAllow: 'yes'}),
      'no plugin': JSON.stringify({apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration'}),
      'another file': JSON.stringify({
        apiVersion: 'apiserver.config.k8s.io/v1',
        kind: 'AdmissionConfiguration',
        plugins: [{name: 'ImagePolicyWebhook', path: 'none.yaml'}],
      }),
      'another kind': JSON.stringify({apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfig'}),
      'another version': JSON.stringify({apiVersion: 'v9', kind: 'AdmissionConfiguration'}),
      'an unknown field': JSON.stringify({
        apiVersion: 'apiserver.config.k8s.io/v1',
        kind: 'AdmissionConfiguration',
        plugin: [],
      }),
      'no kind': '{"plugins": []}',
    };
    const directory = newDirectory();
    const node = controlPlaneNode(directory);
    const folder = join(plane.folder, 'wrong');
    mkdirSync(folder);
    const write = (name: string, text: string): void => {
      writeFileSync(join(folder, name), text.replaceAll('FILES', folder));
      node.write(name, text.replaceAll('FILES', mounted));
    };
    for (const [name, text] of Object.entries(files)) write(name, text);
    const different: Record<string, readonly [string, string]> = {};
    for (const [name, text] of Object.entries(configurations)) {
      write('admission.yaml', text);
      const printed = await refusalOf(plane, {
        'enable-admission-plugins': plugins,
        'admission-control-config-file': join(folder, 'admission.yaml'),
      });
      node.flags(
        `--enable-admission-plugins=${plugins}`,
        `--admission-control-config-file=${mounted}/admission.yaml`,
      );
      const found = apiProcess(join(directory, 'nodes'));
      const ours = found && 'fault' in found ? found.fault : 'runs';
      const real = (/"command failed" err=.*|Couldn't open .*/.exec(printed)?.[0] ?? printed).replaceAll(
        folder,
        mounted,
      );
      if (real !== ours) different[name] = [real, ours];
    }
    expect(different).toEqual({});
  }, 240_000);
});
