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
        // Ours comes with a token; of its reviews nobody manages a field.
        .filter(([name]) => name !== 'extra' && !(name === 'metadata' && /Review$/.test(String(value.kind))))
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
