import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import type {Change, Step} from '../../src/engine/change.ts';
import type {Inventory} from '../../src/engine/inventory.ts';
import {applyPlan, finishEntry} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {type Target, TargetError, type TargetEvent} from '../../src/target/target.ts';
import {type ControlPlane, startControlPlane, until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {type FaultProxy, startFaultProxy} from '../helpers/fault-proxy.ts';
import {hasShared} from '../helpers/shared.ts';

const isWatch = (url: string | undefined): boolean => url?.includes('watch=true') ?? false;

const problemOf = async (work: Promise<unknown>): Promise<TargetError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TargetError)) throw new Error(`expected a TargetError, got ${String(error)}`);
  return error;
};

describe.skipIf(!hasShared)('faults between here and a real cluster', () => {
  let plane: ControlPlane;
  let proxy: FaultProxy;
  let target: Target;
  let events: TargetEvent[];
  let inventory: Inventory;
  let stop: AbortController;
  let watching: Promise<void> | undefined;
  let state: string;
  let names = 0;

  beforeAll(async () => {
    plane = await startControlPlane();
    state = mkdtempSync(join(tmpdir(), 'kubekata-faults-'));
    await plane.kubectl('create', 'namespace', 'home');
  }, 120_000);

  afterAll(async () => {
    await plane?.stop();
    if (state) rmSync(state, {recursive: true, force: true});
  });

  beforeEach(async () => {
    proxy = await startFaultProxy(plane);
    target = await liveTarget({
      kubeconfig: proxy.kubeconfig,
      timing: {idle: 1500, backoff: {first: 100, most: 500}, watchSeconds: 30},
    });
    events = [];
    stop = new AbortController();
    watching = undefined;
  });

  afterEach(async () => {
    stop.abort();
    await watching;
    await target.close();
    await proxy.stop();
  });

  const watch = async (): Promise<void> => {
    inventory = intoInventory([]);
    watching = target.watch((batch) => {
      events.push(...batch);
      intoInventory(batch, inventory);
    }, stop.signal);
    await until(() => events.some(({type}) => type === 'ready'), 'ready');
  };
  const makeMap = async (): Promise<string> => {
    const name = `map-${++names}`;
    await plane.kubectl('-n', 'home', 'create', 'configmap', name, '--from-literal=a=b');
    return name;
  };
  const arrives = (name: string): Promise<void> =>
    until(() => inventory.get('ConfigMap', 'home', name) !== undefined, `ConfigMap ${name}`);
  const goes = (name: string): Promise<void> =>
    until(() => inventory.get('ConfigMap', 'home', name) === undefined, `no ConfigMap ${name}`);
  const label = (name: string): Change => ({
    id: 'label',
    steps: [
      {
        do: 'edit',
        object: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'home', name},
        edits: [{op: 'set', path: ['metadata', 'labels', 'team'], value: {json: 'a'}}],
      },
    ],
  });
  const versionOf = (name: string): Promise<string> =>
    plane.kubectl('-n', 'home', 'get', 'configmap', name, '-o', 'jsonpath={.metadata.resourceVersion}');

  it('watch forgotten by the server (410): lists anew, and tells what went meanwhile', async () => {
    const gone = await makeMap();
    await watch();
    await arrives(gone);
    proxy.fault = ({url}) => (isWatch(url) ? {answer: 410} : undefined);
    proxy.cut();
    await plane.kubectl('-n', 'home', 'delete', 'configmap', gone);
    await goes(gone);
    proxy.fault = () => undefined;
    const name = await makeMap();
    await arrives(name);
  });

  it('watch cut off: goes on where it stopped, nothing is lost, nobody is alarmed', async () => {
    await watch();
    proxy.cut();
    await arrives(await makeMap());
    expect(events.filter(({type}) => type === 'lost')).toEqual([]);
  });

  it('watch half-open: found out by the missing bookmarks, opened anew', async () => {
    proxy.fault = ({url}) => (isWatch(url) ? 'half-open' : undefined);
    await watch();
    await until(() => proxy.seen.some((line) => isWatch(line) && line.includes('/configmaps')), 'a watch');
    const name = await makeMap();
    proxy.fault = () => undefined;
    await arrives(name);
  });

  it('server restarted: lost with the time of the next try, then back, then everything since', async () => {
    await watch();
    const restarted = plane.script('restart.sh', 'kube-apiserver', '1');
    await until(() => events.some(({type}) => type === 'lost'), 'lost');
    const lost = events.find((event) => event.type === 'lost');
    expect(lost?.message).toMatch(/^proxied stopped answering at \d\d:\d\d\. What you see is from then\.$/);
    await restarted;
    await until(() => events.some(({type}) => type === 'back'), 'back');
    await arrives(await makeMap());
  });

  it('throttled (429): waits as long as it is asked to, and says so', async () => {
    await watch();
    const name = await makeMap();
    let times = 0;
    proxy.fault = ({method}) =>
      method === 'PATCH' && times++ === 0 ? {answer: 429, headers: {'retry-after': '1'}} : undefined;
    const [item] = await target.preview(label(name));
    expect(item?.rejection).toBeUndefined();
    expect(times).toBe(2);
    await until(
      () =>
        events.some(
          (event) =>
            event.type === 'progress' && event.text === 'proxied asks to wait 1 s (429). kubekata waits.',
        ),
      'the word about waiting',
    );
  });

  it('token ended: the new one of the file is taken, silently', async () => {
    await watch();
    writeFileSync(proxy.tokenFile, 'second');
    proxy.fault = ({headers}) => (headers.authorization === 'Bearer second' ? undefined : {answer: 401});
    proxy.cut();
    await arrives(await makeMap());
    const name = await makeMap();
    expect((await target.preview(label(name)))[0]?.rejection).toBeUndefined();
  });

  it('token ended and none new: says who is not known, and what to do', async () => {
    proxy.fault = () => ({answer: 401});
    const problem = await problemOf(target.list());
    expect(problem.problem).toBe('unauthenticated');
    expect(problem.message).toBe('proxied does not know you any more.');
    expect(problem.details.join(' ')).toContain('The token of user u has ended');
  });

  it('answer of a write lost: looked up, not written twice', async () => {
    const name = await makeMap();
    const [edit] = await target.preview(label(name));
    let times = 0;
    proxy.fault = ({method}) => (method === 'PATCH' && times++ === 0 ? 'lose answer' : undefined);
    const applied = await target.apply(edit!);
    expect(times).toBe(1);
    expect(applied.before?.metadata).not.toHaveProperty('labels');
    expect(applied.after?.metadata).toHaveProperty('labels', {team: 'a'});

    const made = `made-${name}`;
    const create: Step = {
      do: 'create',
      id: made,
      object: {
        base: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {name: made, namespace: 'home'},
          data: {a: 'b'},
        },
      },
    };
    const [item] = await target.preview({id: 'x', steps: [create]});
    let posts = 0;
    proxy.fault = ({method}) => (method === 'POST' && posts++ === 0 ? 'lose answer' : undefined);
    const first = await target.apply(item!);
    expect(posts).toBe(2);
    expect(first.uid).toBe(
      await plane.kubectl('-n', 'home', 'get', 'configmap', made, '-o', 'jsonpath={.metadata.uid}'),
    );
  });

  it('server restarted in the middle of many writes: each is written once', async () => {
    const maps = await Promise.all(Array.from({length: 6}, makeMap));
    const steps = maps.flatMap((name) => label(name).steps);
    const plan = await preparePlan({
      target,
      inventory: intoInventory(await target.list()),
      change: {id: 'x', steps},
    });
    const journal = new Journal(state, await target.identity());
    let restarted: Promise<void> | undefined;
    const entry = await applyPlan({
      target,
      plan,
      journal,
      title: 'restart',
      onEvent: (event) => {
        if (event.type === 'written' && event.index === 1)
          restarted = plane.script('restart.sh', 'kube-apiserver', '1');
      },
    });
    await restarted;
    expect(entry.steps.map((step) => step.state)).toEqual(maps.map(() => 'done'));
    for (const step of entry.steps) expect(step.applied?.before?.metadata).not.toHaveProperty('labels');
  });

  it('etcd read-only: told, nothing written, and the open entry can be finished', async () => {
    const name = await makeMap();
    const plan = await preparePlan({
      target,
      inventory: intoInventory(await target.list()),
      change: label(name),
    });
    const journal = new Journal(state, await target.identity());
    const before = await versionOf(name);
    await plane.script('readonly.sh', 'on');
    const problem = await problemOf(applyPlan({target, plan, journal, title: 'read-only'}));
    expect(problem.problem).toBe('server');
    expect(problem.details[0]).toContain('database space exceeded');
    expect(await versionOf(name)).toBe(before);
    await plane.script('readonly.sh', 'off');
    const [open] = journal.unfinished();
    expect(open?.steps.map((step) => step.state)).toEqual(['planned']);
    const entry = await finishEntry({target, journal, entry: open!});
    expect(entry.state).toBe('applied');
    expect(await versionOf(name)).not.toBe(before);
  });

  it('slow server: everything arrives all the same', async () => {
    proxy.fault = () => ({delay: 250});
    expect(intoInventory(await target.list()).list('Node')).toHaveLength(3);
  });

  it('server that never answers: what waits for it can be cancelled at once', async () => {
    proxy.fault = ({url}) => (url?.startsWith('/api/v1/pods') ? 'half-open' : undefined);
    const cancel = new AbortController();
    const listing = target.list(cancel.signal);
    await until(() => proxy.seen.some((line) => line.includes('/api/v1/pods')), 'the list of pods');
    cancel.abort();
    await expect(listing).rejects.toBe(cancel.signal.reason);
  });

  it('webhook that denies: its reason is shown, in the preview and when it is applied', async () => {
    const name = await makeMap();
    const [item] = await target.preview(label(name));
    const pki = (file: string): string => readFileSync(join(plane.folder, 'pki', file), 'utf8');
    const webhook = createServer({cert: pki('server.crt'), key: pki('server.key')}, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on('end', () => {
        const {
          apiVersion,
          kind,
          request: asked,
        } = JSON.parse(text) as Record<string, unknown> & {request: {uid: string}};
        const denial = {
          uid: asked.uid,
          allowed: false,
          status: {message: 'labels are \u001b[31mnot\u001b[0m for you'},
        };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({apiVersion, kind, response: denial}));
      });
    });
    await new Promise<void>((resolve) => {
      webhook.listen(0, '127.0.0.1', resolve);
    });
    const {port} = webhook.address() as AddressInfo;
    await plane.load(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: policy}
webhooks:
- name: policy.example.com
  clientConfig: {url: "https://127.0.0.1:${port}/", caBundle: ${Buffer.from(pki('ca.crt')).toString('base64')}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [UPDATE], resources: [configmaps]}]
  sideEffects: None
  admissionReviewVersions: [v1]
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: home}}
`);
    const words = 'admission webhook "policy.example.com" denied the request: labels are not for you';
    await until(async () => (await target.preview(label(name)))[0]?.rejection === words, words);
    const problem = await problemOf(target.apply(item!));
    expect(problem.problem).toBe('rejected');
    expect(problem.details).toEqual([`ConfigMap home/${name}: ${words}`]);
    await plane.kubectl('delete', 'validatingwebhookconfiguration', 'policy');
    webhook.close();
  });
});
