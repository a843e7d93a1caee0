import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Change, Edit} from '../../src/engine/change.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {nodeFileRef} from '../../src/engine/node-file.ts';
import {plainElement} from '../../src/engine/path.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {applyUndo, undoPlan} from '../../src/fix/undo.ts';
import {withNodeFiles} from '../../src/target/node-files/with-node-files.ts';
import {type Target, TargetError, type TargetEvent} from '../../src/target/target.ts';
import {memoryTarget} from '../helpers/memory-target.ts';

const scenario = join(import.meta.dirname, '../../src/practice/scenarios/home/nodes');
const kubeletFile = '/var/lib/kubelet/config.yaml';
const server = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const secretFile = '/etc/kubernetes/enc/enc.yaml';

let root: string;
let folder: string;
let target: Target;
let journal: Journal;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kubekata-nodes-'));
  folder = join(root, 'nodes');
  cpSync(scenario, folder, {recursive: true});
  target = withNodeFiles(memoryTarget([]), folder);
  journal = new Journal(join(root, 'state'), 'nodes');
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const path = (file: string, node = 'rpi-1') => join(folder, node, file);
const text = (file: string, node?: string) => readFileSync(path(file, node), 'utf8');
const set = (at: Edit['path'], json: string | number | boolean): Edit => ({
  op: 'set',
  path: at,
  value: {json},
});
const change = (...files: readonly (readonly [file: string, edits: readonly Edit[]])[]): Change => ({
  id: 'test',
  steps: files.map(([file, edits]) => ({do: 'file', node: 'rpi-1', file, edits})),
});
const plan = (of: Change) => preparePlan({target, inventory: new Inventory(), change: of});
const apply = async (of: Change) => applyPlan({target, journal, plan: await plan(of), title: 'test'});
const undo = async (number: number) => {
  const entry = journal.read(number)!;
  const found = await undoPlan({target, inventory: new Inventory(), entry, journal});
  return applyUndo({target, journal, undo: found});
};

const profiling = change([
  server,
  [set(['spec', 'containers', 0, 'command', plainElement('--profiling=false')], '--profiling=false')],
]);
const encryption = change([
  secretFile,
  [
    {
      op: 'set',
      path: [],
      value: {
        json: {
          apiVersion: 'apiserver.config.k8s.io/v1',
          kind: 'EncryptionConfiguration',
          resources: [{resources: ['secrets'], providers: [{aesgcm: {keys: [{name: 'k'}]}}]}],
        },
      },
    },
    {
      op: 'set',
      path: ['resources', 0, 'providers', 0, 'aesgcm', 'keys', 0, 'secret'],
      value: {random: 32},
    },
  ],
]);

describe('files of nodes', () => {
  it('are told as objects, without credentials', async () => {
    await apply(encryption);
    const events = await target.list();
    const files = events.flatMap((one) => (one.type === 'set' ? [one.resource] : []));
    expect(files.map(({id}) => id)).toEqual(
      expect.arrayContaining([
        'NodeFile/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml',
        'NodeFile/rpi-3/var/lib/kubelet/config.yaml',
        'NodeFile/rpi-1/etc/kubernetes/enc/enc.yaml',
      ]),
    );
    expect(JSON.stringify(files)).toContain('*** (44 chars)');
  });

  it('are previewed as the difference of their own text', async () => {
    const {items} = await plan(profiling);
    expect(items[0]?.text?.file).toBe(`rpi-1${server}`);
    const before = text(server);
    expect(items[0]?.text?.before).toBe(before);
    expect(items[0]?.text?.after).toBe(
      before.replace(
        '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key\n',
        '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key\n        - --profiling=false\n',
      ),
    );
    expect(text(server), 'nothing is written by looking').toBe(before);
  });

  it('are written, journal first, with their mode; undo puts the text back', async () => {
    chmodSync(path(server), 0o640);
    const before = text(server);
    const entry = await apply(profiling);
    expect(text(server)).toContain('- --profiling=false\n');
    expect(statSync(path(server)).mode & 0o777).toBe(0o640);
    expect(entry.state).toBe('applied');
    const undone = await undo(entry.number);
    expect(undone.state).toBe('undone');
    expect(text(server)).toBe(before);
  });

  it('keep comments, and what stands around in flow style', async () => {
    const file = text(kubeletFile).replace('{enabled: false}', '{enabled: true} # old agent');
    writeFileSync(path(kubeletFile), file);
    const entry = await apply(
      change([kubeletFile, [set(['authentication', 'anonymous', 'enabled'], false)]]),
    );
    expect(text(kubeletFile)).toBe(file.replace('{enabled: true} #', '{enabled: false} #'));
    await undo(entry.number);
    expect(text(kubeletFile)).toBe(file);
  });

  it('are not written where they changed since the preview', async () => {
    const seen = await plan(change([kubeletFile, [set(['healthzPort'], 10249)]]));
    writeFileSync(path(kubeletFile), text(kubeletFile).replace('10248', '10250'));
    const entry = await applyPlan({target, journal, plan: seen, title: 'test'});
    expect(entry.steps[0]).toMatchObject({state: 'refused'});
    expect(entry.steps[0]?.reason).toContain('changed since the preview: healthzPort');
    expect(text(kubeletFile)).toContain('healthzPort: 10250');
  });

  it('stay as someone else left them: undo says so', async () => {
    const entry = await apply(change([kubeletFile, [set(['healthzPort'], 10249)]]));
    writeFileSync(path(kubeletFile), text(kubeletFile).replace('10249', '10255'));
    const undone = await undo(entry.number);
    expect(undone.steps[0]?.reason).toContain('healthzPort');
    expect(text(kubeletFile)).toContain('healthzPort: 10255');
  });

  it('get a key that no preview, journal or event shows, and are for their owner alone', async () => {
    const {items} = await plan(encryption);
    expect(items[0]?.text?.after).toContain('secret: *** (44 chars)');
    const entry = await apply(encryption);
    const key = /secret: (\S{43}=)/.exec(text(secretFile))?.[1] ?? '';
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(statSync(path(secretFile)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify([entry, journal.entries(), await target.list()])).not.toContain(key);
    expect((await apply(encryption)).steps[0]?.state, 'a second time it makes no other key').toBe('done');
    expect(text(secretFile)).toContain(key);
    const back = await undoPlan({target, inventory: new Inventory(), entry, journal});
    expect(back.plan.breaks[0]).toMatchObject({
      mark: 'failed',
      text: expect.stringContaining('holds the key'),
    });
    await undo(entry.number);
    expect(existsSync(path('/etc/kubernetes/enc'))).toBe(false);
  });

  it('that hold something else are left alone', async () => {
    await apply(encryption);
    writeFileSync(path(secretFile), text(secretFile).replace('name: k', 'name: mine'));
    const {items} = await plan(encryption);
    expect(items[0]?.rejection).toBe(
      `${secretFile} is on node rpi-1 already, with another content: compare them by hand.`,
    );
    writeFileSync(path(kubeletFile), 'a: [');
    const broken = await plan(change([kubeletFile, [set(['healthzPort'], 1)]]));
    expect(broken.items[0]?.rejection).toContain('does not hold one YAML object');
  });

  it('are nowhere else than below their node', async () => {
    for (const [node, file] of [
      ['..', server],
      ['rpi-1', '/etc/../../../outside.yaml'],
      ['rpi-1/../../x', server],
      ['rpi-1', 'relative.yaml'],
    ] as const) {
      const {items} = await plan({id: 'out', steps: [{do: 'file', node, file, edits: [set([], 'x')]}]});
      expect(items[0]?.rejection).toBe(`${file} of node ${node} is no path that kubekata writes.`);
    }
  });

  it('are followed while an editor writes them', async () => {
    const seen: TargetEvent[] = [];
    const stop = new AbortController();
    const ended = target.watch((events) => seen.push(...events), stop.signal);
    const ref = nodeFileRef('rpi-2', kubeletFile);
    const of = () =>
      seen.flatMap((one) =>
        one.type === 'set' && one.resource.kind === 'NodeFile' && one.resource.namespace === 'rpi-2'
          ? [one.resource]
          : [],
      );
    expect(of()).toHaveLength(1);
    writeFileSync(path(kubeletFile, 'rpi-2'), `${text(kubeletFile, 'rpi-2')}podPidsLimit: 77\n`);
    await expect.poll(() => of().at(-1)?.object.podPidsLimit, {timeout: 15_000}).toBe(77);
    expect(of().at(-1)?.name).toBe(ref.name);
    stop.abort();
    await ended;
  });
});

describe('kubeconfig files of a node', () => {
  const admin = '/etc/kubernetes/admin.conf';
  const modesOf = (events: readonly TargetEvent[]) =>
    events.flatMap((event) =>
      event.type === 'set' && event.resource.kind === 'KubeconfigFile' && event.resource.object.path === admin
        ? [event.resource.object]
        : [],
    );

  it('are told by who may read them, and by nothing that they hold', async () => {
    chmodSync(path(admin), 0o644);
    expect(modesOf(await target.list())).toEqual([{node: 'rpi-1', path: admin, mode: '0644'}]);
  });

  it('are followed when their mode changes', async () => {
    chmodSync(path(admin), 0o644);
    const stop = new AbortController();
    const seen = Promise.withResolvers<void>();
    const watching = target.watch((events) => {
      const [found] = modesOf(events);
      if (found?.mode === '0644') chmodSync(path(admin), 0o600);
      if (found?.mode === '0600') seen.resolve();
    }, stop.signal);
    await seen.promise;
    stop.abort();
    await watching;
  });

  it('tell why the API server does not answer, where its log on the node does', async () => {
    const log = path('/var/log/pods/kube-system_kube-apiserver-rpi-1_1/kube-apiserver/1.log');
    mkdirSync(dirname(log), {recursive: true});
    writeFileSync(
      log,
      '2026-11-23T17:43:12Z stderr F E1123 17:43:12.121000       1 run.go:72] "command failed" err="loading audit policy file"\n',
    );
    const away = new TargetError('unreachable', 'home does not answer.');
    const lost = withNodeFiles({...memoryTarget([]), list: () => Promise.reject(away)}, folder);
    await expect(lost.list()).rejects.toMatchObject({
      message: 'home does not answer.',
      details: [`The API server ended with: "command failed" err="loading audit policy file" (${log}).`],
    });
    appendFileSync(log, '2026-11-23T17:43:22Z stderr F I1123 17:43:22.1       1 serving.go:380] "Started"\n');
    await expect(lost.list()).rejects.toBe(away);
  });
});
