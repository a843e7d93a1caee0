import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {asObject, isArray, isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {type ControlPlane, startControlPlane, until} from '../../helpers/control-plane.ts';
import {hasShared, shared} from '../../helpers/shared.ts';
import {differences} from './differential.ts';
import {kubectlFor} from './kubectl.ts';
import {words} from './kubectl-both.ts';
import {newDirectory, type Practice, startPractice} from './practice.ts';

const home = join(import.meta.dirname, '../../../src/practice/scenarios/home/nodes/rpi-1');

const commands = [
  'create namespace audited',
  'create configmap m --from-literal=a=b',
  'get configmap m',
  'get configmaps',
  'get secrets --as=jane --as-group=readers',
  'create secret generic s --from-literal=a=hidden',
  'get secret s',
  'patch configmap m -p {"data":{"a":"c"}}',
  'label configmap m a=b',
  'create role r --verb=get --resource=pods',
  'create deployment d --image=nginx --replicas=0',
  'scale deployment d --replicas=0',
  'delete configmap m',
  'get configmap m',
  'auth can-i get pods --as=jane',
  'get configmap last',
];

/** Without what is each cluster's own. */
function bare(value: Json, key = ''): Json {
  if (isArray(value)) return value.map((item) => bare(item));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value)
        // Ours comes with a token.
        .filter(([name]) => name !== 'extra')
        .map(([name, item]) => [name, bare(item, name)]),
    );
  if (typeof value !== 'string') return value;
  if (/^(auditID|uid|resourceVersion|.*[tT]imestamp|time)$/.test(key)) return '*';
  if (key === 'username') return value.replace(/^(kubekata-)?admin$/, '<me>');
  return value;
}

describe.skipIf(!hasShared)('the audit log', () => {
  let plane: ControlPlane;
  let practice: Practice;
  let ours: string;
  beforeAll(async () => {
    plane = await startControlPlane({AUDIT: '1'});
    const directory = newDirectory();
    const node = join(directory, 'nodes/rpi-1');
    mkdirSync(join(directory, 'nodes'));
    cpSync(home, node, {recursive: true});
    mkdirSync(join(node, 'etc/kubernetes/audit'), {recursive: true});
    cpSync(shared('cluster/config/audit-policy.yaml'), join(node, 'etc/kubernetes/audit/policy.yaml'));
    const manifest = join(node, 'etc/kubernetes/manifests/kube-apiserver.yaml');
    const flags = [
      'audit-policy-file=/etc/kubernetes/audit/policy.yaml',
      'audit-log-path=/var/log/audit/log.jsonl',
    ];
    const text = readFileSync(manifest, 'utf8')
      .replace(
        '        - kube-apiserver\n',
        `        - kube-apiserver\n${flags.map((flag) => `        - --${flag}\n`).join('')}`,
      )
      .replace(
        '      volumeMounts:\n',
        '      volumeMounts:\n        - {name: a, mountPath: /etc/kubernetes/audit}\n        - {name: b, mountPath: /var/log/audit}\n',
      )
      .replace(
        '  volumes:\n',
        '  volumes:\n    - {name: a, hostPath: {path: /etc/kubernetes/audit}}\n    - {name: b, hostPath: {path: /var/log/audit}}\n',
      );
    writeFileSync(manifest, text);
    ours = join(node, 'var/log/audit/log.jsonl');
    practice = await startPractice(directory, {withControllers: true});
  }, 120_000);
  afterAll(async () => {
    await plane.stop();
    await practice.close();
  }, 60_000);

  const events = (file: string): readonly JsonObject[] =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject)
      .filter(
        ({userAgent, requestURI}) =>
          String(userAgent).startsWith('kubectl') &&
          /namespaces\/audited\/|authorization\.k8s\.io/.test(String(requestURI)),
      );

  test('holds what Pod Security and policies leave in it', async () => {
    const policy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: audited}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  validations:
  - {expression: "object.metadata.name != 'never'"}
  - {expression: "!object.metadata.name.startsWith('bad')", message: no bad pods}
  auditAnnotations: [{key: name, valueExpression: "'pod ' + object.metadata.name"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: audited}
spec: {policyName: audited, validationActions: [Audit, Warn], matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: marked}}}}
`;
    const found: unknown[] = [];
    for (const [config, log] of [
      [plane.kubeconfig, join(plane.folder, 'log/audit.jsonl')],
      [practice.cluster.kubeconfigPath, ours],
    ] as const) {
      const kubectl = kubectlFor(config, practice.directory, 'marked');
      await kubectl(['create', 'namespace', 'marked']);
      const levels = ['enforce=baseline', 'audit=restricted'];
      await kubectl([
        'label',
        'namespace',
        'marked',
        ...levels.map((one) => `pod-security.kubernetes.io/${one}`),
      ]);
      await kubectl(['apply', '-f', '-'], policy);
      const run = (name: string) => kubectl(['run', name, '--image=busybox', '--dry-run=server']);
      await until(
        async () => (await run('bad-first')).stderr.includes('no bad pods'),
        'the policy is in force',
        60,
      );
      await run('bad-last');
      await run('good-last');
      await kubectl(['create', 'deployment', 'last', '--image=busybox', '--dry-run=server']);
      const lines = (): readonly JsonObject[] =>
        readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as JsonObject)
          .filter(
            ({objectRef}) =>
              /^(bad-|good-)?last$/.test(String(asObject(objectRef).name)) &&
              asObject(objectRef).namespace === 'marked',
          );
      await until(() => lines().length === 3, `${log} has the last three`);
      found.push(lines().map(({annotations}) => annotations));
    }
    expect(found[0]).toHaveLength(3);
    expect(found[1]).toEqual(found[0]);
  }, 180_000);

  test('records what the real one does', async () => {
    const logs = [join(plane.folder, 'log/audit.jsonl'), ours] as const;
    for (const config of [plane.kubeconfig, practice.cluster.kubeconfigPath]) {
      const kubectl = kubectlFor(config, practice.directory, 'audited');
      for (const command of commands) await kubectl(words(command));
    }
    const last = ({requestURI, stage}: JsonObject): boolean =>
      String(requestURI).endsWith('/configmaps/last') && stage === 'ResponseComplete';
    for (const log of logs) await until(() => events(log).some(last), `${log} has the last request`);
    const [real, mine] = logs.map((log) => events(log).map((event) => bare(event)));
    expect(
      mine!.map((event) => `${asObject(event).stage} ${asObject(event).verb} ${asObject(event).requestURI}`),
    ).toEqual(
      real!.map((event) => `${asObject(event).stage} ${asObject(event).verb} ${asObject(event).requestURI}`),
    );
    expect(
      real!.flatMap((event, index) =>
        differences(event, mine![index], `${index} ${asObject(event).requestURI}`),
      ),
    ).toEqual([]);
  }, 120_000);
});
