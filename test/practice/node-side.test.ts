import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {c0066} from '../../controls/c-0066.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {asObject} from '../../src/engine/json.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {attachControllers} from '../../src/practice/controllers/attach.ts';
import {type PracticeCluster, startPracticeCluster} from '../../src/practice/practice-cluster.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {withNodeFiles} from '../../src/target/node-files/with-node-files.ts';
import {until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {frameworkOf} from '../helpers/test-control.ts';
import {accessOf, type Client, clientOf} from './api/practice.ts';

const scenarioDirectory = join(import.meta.dirname, '../../src/practice/scenarios/home');
const secret = '/api/v1/namespaces/pantry/secrets/probe';
const configuration = '/etc/kubernetes/enc/enc.yaml';
const value = Buffer.from('correct horse battery staple').toString('base64');

let directory: string;
let cluster: PracticeCluster;
let client: Client;

async function start(): Promise<void> {
  cluster = await startPracticeCluster({
    directory,
    scenarioDirectory,
    controllers: (machine) =>
      attachControllers(machine, {scenarioDirectory, nodeDirectory: join(directory, 'nodes')}),
  });
  client = clientOf(accessOf(cluster.kubeconfigPath));
  await running();
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kubekata-node-side-'));
  await start();
}, 60_000);
afterEach(async () => {
  await cluster?.stop();
  rmSync(directory, {recursive: true, force: true});
});

const file = (path: string): string => join(directory, 'nodes/rpi-1', path);
const manifest = () => file('/etc/kubernetes/manifests/kube-apiserver.yaml');
const server = () => cluster.machine.get('pods', 'kube-system', 'kube-apiserver-rpi-1');
const statusOf = () => {
  const [one] = (asObject(server()?.status).containerStatuses ?? []) as readonly {
    readonly state: {readonly running?: object; readonly waiting?: {readonly reason: string}};
  }[];
  return one?.state;
};
const hashOf = () => server()?.metadata.annotations as {readonly [key: string]: string} | undefined;
const running = (other?: string): Promise<unknown> =>
  until(
    () =>
      statusOf()?.running !== undefined &&
      (other === undefined || hashOf()?.['kubernetes.io/config.hash'] !== other),
    'a running API server',
  );

/** Everything that lies on the disk of the practice cluster. */
const onDisk = (): string => {
  const state = join(directory, 'state');
  return readdirSync(state)
    .map((name) => readFileSync(join(state, name), 'utf8'))
    .join('\n');
};
/** The line of the secret that was written last. */
const lastLine = (): string =>
  onDisk()
    .split('\n')
    .findLast((line) => line.includes('"probe"')) ?? '';

/** Edits a file, and waits until the kubelet has started the API server anew. */
async function restart(edit: () => void): Promise<void> {
  const before = hashOf()?.['kubernetes.io/config.hash'];
  edit();
  await running(before);
}

/** A comment of its own makes the kubelet start the pod anew, as touching the file does. */
const touch = (): void =>
  writeFileSync(
    manifest(),
    readFileSync(manifest(), 'utf8').replace(
      / {2}labels: \{(turn: '\d+', )?/,
      `  labels: {turn: '${Date.now()}', `,
    ),
  );

const flag = (): void =>
  writeFileSync(
    manifest(),
    readFileSync(manifest(), 'utf8')
      .replace(
        '        - --allow-privileged=true\n',
        `        - --allow-privileged=true\n        - --encryption-provider-config=${configuration}\n`,
      )
      .replace(
        '      volumeMounts:\n',
        '      volumeMounts:\n        - {name: enc, mountPath: /etc/kubernetes/enc, readOnly: true}\n',
      )
      .replace('  volumes:\n', '  volumes:\n    - {name: enc, hostPath: {path: /etc/kubernetes/enc}}\n'),
  );

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
function configure(...providers: readonly string[]): void {
  mkdirSync(file('/etc/kubernetes/enc'), {recursive: true});
  const list = providers.map((one) => `  - ${one}\n`).join('');
  writeFileSync(
    file(configuration),
    `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n${list}`,
  );
}

const create = () =>
  client.ask('/api/v1/namespaces/pantry/secrets', {body: {metadata: {name: 'probe'}, data: {word: value}}});
/** `kubectl get | kubectl replace`: the same object once more. */
const replace = async () => {
  const {json} = await client.ask(secret);
  return client.ask(secret, {method: 'PUT', body: json});
};
const metrics = async () => (await client.ask('/metrics')).text;

async function verdict() {
  const target = withNodeFiles(
    await liveTarget({kubeconfig: cluster.kubeconfigPath, kind: 'practice', name: 'home'}),
    join(directory, 'nodes'),
  );
  const inventory = intoInventory(await target.list());
  const result = new Scanner(frameworkOf(c0066), inventory).scan().controls[0]!;
  return {target, inventory, result};
}

describe('encryption at rest on the practice cluster', {timeout: 90_000}, () => {
  it('is what the fix of C-0066 brings; Secrets that were there before wait until they are written again', async () => {
    await create();
    expect(onDisk()).toContain(value);
    const {target, inventory, result} = await verdict();
    expect(result.status).toBe('failed');
    const control: AnyControl = c0066;
    const [fix] = control.fixes(result.failures, inventory);
    const plan = await preparePlan({target, inventory, change: fix!.change});
    const journal = new Journal(join(directory, 'journal'), 'home');
    const before = hashOf()?.['kubernetes.io/config.hash'];
    const entry = await applyPlan({target, plan, journal, title: 'C-0066'});
    expect(entry.steps.map(({state}) => state)).toEqual(['done', 'done']);
    await running(before);
    await target.close();
    expect((await verdict()).result.status).toBe('passed');
    expect(await metrics(), 'nothing was written yet').toBe('');
    expect(lastLine()).toContain(value);

    expect((await replace()).status).toBe(200);
    expect(lastLine()).toMatch(/"sealed":"k8s:enc:secretbox:v1:key1:[A-Za-z0-9+/=]+"/);
    expect(lastLine()).not.toContain(value);
    expect(await metrics()).toContain(
      'apiserver_storage_transformation_operations_total{resource="secrets",status="OK",transformation_type="to_storage",transformer_prefix="k8s:enc:secretbox:v1:"} 1',
    );
    expect(asObject((await client.ask(secret)).json.data).word).toBe(value);

    await cluster.stop();
    expect(onDisk(), 'a snapshot keeps it so').not.toContain(value);
    await start();
    expect(asObject((await client.ask(secret)).json.data).word).toBe(value);
  });

  it('is not there where identity writes: the flag alone turns nothing', async () => {
    configure('identity: {}', `aesgcm: {keys: [{name: one, secret: ${key(1)}}]}`);
    await restart(flag);
    await create();
    expect(lastLine()).toContain(value);
    expect(await metrics()).toContain('transformer_prefix=""} 1');
    const {target, result} = await verdict();
    await target.close();
    expect(result.status).toBe('failed');
    expect(result.failures[0]?.findings[0]?.found).toContain('begins with a provider that encrypts');
  });

  it('takes a second key before the first one goes, and a Secret without its key can not be read', async () => {
    const [one, two] = [`{name: one, secret: ${key(1)}}`, `{name: two, secret: ${key(2)}}`];
    configure(`aesgcm: {keys: [${one}]}`, 'identity: {}');
    await restart(flag);
    await create();
    expect(lastLine()).toContain('k8s:enc:aesgcm:v1:one:');
    configure(`aesgcm: {keys: [${two}]}`, 'identity: {}');
    await restart(touch);
    const lost = await client.ask(secret);
    expect(lost.status).toBe(500);
    expect(lost.json.message).toBe(
      'Internal error occurred: no matching key was found for the provided AES transformer',
    );
    expect((await client.ask('/api/v1/secrets')).json.message).toContain(
      'unable to transform key "/registry/secrets/pantry/probe"',
    );
    configure(`aesgcm: {keys: [${two}, ${one}]}`, 'identity: {}');
    await restart(touch);
    expect((await replace()).status).toBe(200);
    expect(lastLine()).toContain('k8s:enc:aesgcm:v1:two:');
    configure(`aesgcm: {keys: [${two}]}`, 'identity: {}');
    await restart(touch);
    expect(asObject((await client.ask(secret)).json.data).word).toBe(value);
  });

  it('is read again when the key that was missing at the start is back', async () => {
    configure(`aescbc: {keys: [{name: one, secret: ${key(1)}}]}`);
    await restart(flag);
    await create();
    await cluster.stop();
    cpSync(file(configuration), join(directory, 'kept.yaml'));
    configure(`aescbc: {keys: [{name: other, secret: ${key(3)}}]}`);
    await start();
    expect((await client.ask(secret)).status).toBe(500);
    cpSync(join(directory, 'kept.yaml'), file(configuration));
    await restart(touch);
    expect(asObject((await client.ask(secret)).json.data).word).toBe(value);
  });
});

describe('a static pod that does not come up', {timeout: 90_000}, () => {
  const logs = (): string => {
    const folder = file('/var/log/pods');
    return readdirSync(folder, {recursive: true, encoding: 'utf8'})
      .filter((name) => name.startsWith('kube-system_kube-apiserver-rpi-1_') && name.endsWith('.log'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  };

  it('leaves what it said in var/log/pods of its node', async () => {
    configure(`aesgcm: {keys: [{name: one, secret: ${Buffer.alloc(10).toString('base64')}}]}`);
    flag();
    await until(() => statusOf()?.waiting?.reason === 'CrashLoopBackOff', 'CrashLoopBackOff');
    expect(logs()).toContain('stderr F E');
    expect(logs()).toContain(
      'run.go:72] "command failed" err="error while parsing file: resources[0].providers[0].aesgcm.keys[0].secret: Invalid value: \\"REDACTED\\": secret is not of the expected length, got 10, expected one of [16 24 32]"',
    );
    configure(`aesgcm: {keys: [{name: one, secret: ${key(1)}}]}`);
    await restart(touch);
  });

  it('keeps the API away until the file that a flag names is there', async () => {
    flag();
    await until(() => statusOf()?.waiting?.reason === 'CrashLoopBackOff', 'CrashLoopBackOff');
    await expect(client.ask('/version')).rejects.toThrow('ECONNREFUSED');
    expect(logs()).toContain(
      `error reading encryption provider configuration file \\"${configuration}\\": open ${configuration}: no such file or directory`,
    );
    configure(`aesgcm: {keys: [{name: one, secret: ${key(1)}}]}`);
    await expect
      .poll(
        () =>
          client.ask('/version').then(
            ({status}) => status,
            () => 0,
          ),
        {timeout: 30_000},
      )
      .toBe(200);
  });

  it('is gone with a manifest that is no YAML, and back with the next one', async () => {
    const text = readFileSync(manifest(), 'utf8');
    writeFileSync(manifest(), text.replace('spec:\n', 'spec: [\n'));
    await until(() => server() === undefined, 'no API server pod');
    expect(readFileSync(file('/var/log/kubelet.log'), 'utf8')).toMatch(
      /^E\d{4} .* "Could not process manifest file" err="\/etc\/kubernetes\/manifests\/kube-apiserver.yaml: couldn't parse as pod\(yaml: /,
    );
    writeFileSync(manifest(), text);
    await running();
  });
});
