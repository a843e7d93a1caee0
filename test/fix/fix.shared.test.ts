import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import type {Change, Edit, Step} from '../../src/engine/change.ts';
import type {Json, JsonObject} from '../../src/engine/json.ts';
import type {Ref} from '../../src/engine/objects.ts';
import {element, getAt, type Path} from '../../src/engine/path.ts';
import {applyPlan, finishEntry} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import type {JournalEntry} from '../../src/fix/plan.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {applyUndo, undoPlan} from '../../src/fix/undo.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import type {Target} from '../../src/target/target.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {hasShared} from '../helpers/shared.ts';

const home = (name: string): string => `
apiVersion: v1
kind: Namespace
metadata: {name: ${name}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: ${name}, labels: {app: web}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: worker, namespace: ${name}, labels: {app: worker}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${name}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers:
      - name: web
        image: web:1
        env: [{name: DB_PASSWORD, value: in-plain-sight}]
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: ${name}}
spec: {containers: [{name: bare, image: bare:1}]}
`;

const set = (path: Path, json: Json): Edit => ({op: 'set', path, value: {json}});
const token = set(['automountServiceAccountToken'], false);
const container: Path = ['spec', 'template', 'spec', 'containers', element('name', 'web')];
const ref = (apiVersion: string, kind: string, namespace: string, name: string): Ref => ({
  apiVersion,
  kind,
  namespace,
  name,
});

describe.skipIf(!hasShared)('fix, journal and undo on a real cluster', () => {
  let plane: ControlPlane;
  let target: Target;
  let state: string;
  let journal: Journal;
  let namespace: string;
  let count = 0;

  beforeAll(async () => {
    plane = await startControlPlane();
    target = await liveTarget({kubeconfig: plane.kubeconfig});
    state = mkdtempSync(join(tmpdir(), 'kubekata-state-'));
    journal = new Journal(state, await target.identity());
  }, 120_000);

  afterAll(async () => {
    await target?.close();
    await plane?.stop();
    if (state) rmSync(state, {recursive: true, force: true});
  });

  beforeEach(async () => {
    namespace = `home-${++count}`;
    await plane.load(home(namespace));
  });

  const account = (name: string): Ref => ref('v1', 'ServiceAccount', namespace, name);
  const deployment = (): Ref => ref('apps/v1', 'Deployment', namespace, 'web');
  const plan = async (...steps: readonly Step[]) => {
    const change: Change = {id: 'test', steps};
    return preparePlan({target, inventory: intoInventory(await target.list()), change});
  };
  const apply = async (...steps: readonly Step[]): Promise<JournalEntry> =>
    applyPlan({target, plan: await plan(...steps), journal, title: 'test'});
  const undo = async (entry: JournalEntry) =>
    undoPlan({target, inventory: intoInventory(await target.list()), entry, journal});
  const tokenOff = (name: string): Step => ({do: 'edit', object: account(name), edits: [token]});
  const diskText = (): string =>
    readdirSync(join(state, 'journal'), {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');

  it('answers before, applies, and takes back exactly what it did', async () => {
    const before = await target.read(account('web'));
    const prepared = await plan(tokenOff('web'), tokenOff('worker'));
    expect(prepared.server).toEqual([
      {mark: 'passed', text: 'It accepts both (dry run, strict) and gives no warning.'},
    ]);
    expect(prepared.owners).toEqual([{mark: 'passed', text: 'Nobody else manages any of the 2.'}]);
    expect(prepared.breaks.at(-1)).toEqual({
      mark: 'passed',
      text: 'No role is bound to any of the 2 accounts: their tokens open nothing.',
    });
    const entry = await applyPlan({target, plan: prepared, journal, title: 'C-0034 at the ServiceAccount'});
    expect(entry).toMatchObject({state: 'applied', title: 'C-0034 at the ServiceAccount'});
    expect(journal.read(entry.number)).toEqual(entry);
    expect(getAt(await target.read(account('web')), ['automountServiceAccountToken'])).toBe(false);

    const back = await undo(entry);
    expect(back.plan.items.map(({rejection}) => rejection)).toEqual([undefined, undefined]);
    expect(back.plan.items[0]?.after).not.toHaveProperty('automountServiceAccountToken');
    const undone = await applyUndo({target, undo: back, journal});
    expect(undone.state).toBe('undone');
    expect(journal.read(entry.number)?.state).toBe('undone');
    const after = await target.read(account('web'));
    expect({...after, metadata: undefined}).toEqual({...before, metadata: undefined});
  });

  it('leaves alone what someone changed since, by name, and takes the rest back', async () => {
    const entry = await apply(tokenOff('web'), tokenOff('worker'));
    await plane.kubectl(
      '-n',
      namespace,
      'patch',
      'sa',
      'web',
      '-p',
      '{"automountServiceAccountToken": true}',
    );
    const back = await undo(entry);
    expect(back.plan.owners[0]?.text).toBe(
      `ServiceAccount ${namespace}/web: automountServiceAccountToken is true now, not false as this change left it, so undo leaves it alone.`,
    );
    const undone = await applyUndo({target, undo: back, journal});
    expect(undone.state).toBe('part undone');
    expect(getAt(await target.read(account('web')), ['automountServiceAccountToken'])).toBe(true);
    expect(await target.read(account('worker'))).not.toHaveProperty('automountServiceAccountToken');
  });

  it('names the later change that set the same field', async () => {
    const first = await apply({
      do: 'edit',
      object: deployment(),
      edits: [set([...container, 'image'], 'web:2')],
    });
    const second = await apply({
      do: 'edit',
      object: deployment(),
      edits: [set([...container, 'image'], 'web:3')],
    });
    const back = await undo(first);
    expect([...back.stays.values()]).toEqual([
      `Deployment ${namespace}/web: change ${second.number} set spec.template.spec.containers[0].image too. Undo ${second.number} first.`,
    ]);
    await applyUndo({target, undo: await undo(second), journal});
    const again = await applyUndo({target, undo: await undo(journal.read(first.number)!), journal});
    expect(again.state).toBe('undone');
    expect(getAt(await target.read(deployment()), [...container, 'image'])).toBe('web:1');
  });

  it('takes only its own field away where someone added beside it', async () => {
    const entry = await apply({
      do: 'edit',
      object: deployment(),
      edits: [set([...container, 'securityContext', 'readOnlyRootFilesystem'], true)],
    });
    await plane.kubectl(
      '-n',
      namespace,
      'patch',
      'deployment',
      'web',
      '-p',
      '{"spec":{"template":{"spec":{"containers":[{"name":"web","securityContext":{"runAsUser":1000}}]}}}}',
    );
    await applyUndo({target, undo: await undo(entry), journal});
    expect(getAt(await target.read(deployment()), [...container, 'securityContext'])).toEqual({
      runAsUser: 1000,
    });
  });

  it('keeps a credential out of the journal, and still takes its move into a Secret back', async () => {
    const at: Path = [...container, 'env', element('name', 'DB_PASSWORD')];
    const base = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'web-env', namespace}};
    const from = {from: deployment(), path: [...at, 'value'], encode: 'base64'} as const;
    const entry = await apply(
      {
        do: 'create',
        id: 'secret',
        object: {base, edits: [{op: 'set', path: ['data', 'DB_PASSWORD'], value: from}]},
      },
      {
        do: 'edit',
        object: deployment(),
        edits: [
          {op: 'remove', path: [...at, 'value']},
          set([...at, 'valueFrom'], {secretKeyRef: {name: 'web-env', key: 'DB_PASSWORD'}}),
        ],
      },
    );
    expect(entry.steps.map((step) => step.state)).toEqual(['done', 'done']);
    expect(diskText()).not.toMatch(/in-plain-sight|aW4tcGxhaW4tc2lnaHQ/);
    const undone = await applyUndo({target, undo: await undo(journal.read(entry.number)!), journal});
    expect(undone.state).toBe('undone');
    const value = await plane.kubectl(
      '-n',
      namespace,
      'get',
      'deployment',
      'web',
      '-o',
      'jsonpath={.spec.template.spec.containers[0].env}',
    );
    expect(JSON.parse(value)).toEqual([{name: 'DB_PASSWORD', value: 'in-plain-sight'}]);
    expect(await target.read(ref('v1', 'Secret', namespace, 'web-env'))).toBeUndefined();
    expect(diskText()).not.toMatch(/in-plain-sight|aW4tcGxhaW4tc2lnaHQ/);
  });

  it('does not delete what it made once someone changed it, or another object of that name', async () => {
    const base = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'made', namespace}, data: {a: 'b'}};
    const made = ref('v1', 'ConfigMap', namespace, 'made');
    const entry = await apply({do: 'create', id: 'made', object: {base}});
    await plane.kubectl('-n', namespace, 'patch', 'configmap', 'made', '-p', '{"data":{"a":"c"}}');
    expect([...(await undo(entry)).stays.values()]).toEqual([
      `ConfigMap ${namespace}/made was changed since by someone else, so it stays.`,
    ]);
    await plane.kubectl('-n', namespace, 'delete', 'configmap', 'made');
    await plane.kubectl('-n', namespace, 'create', 'configmap', 'made', '--from-literal=a=b');
    expect([...(await undo(entry)).stays.values()]).toEqual([
      `ConfigMap ${namespace}/made was deleted and made again by someone else, so it stays.`,
    ]);
    await plane.kubectl('-n', namespace, 'delete', 'configmap', 'made');
    const gone = await applyUndo({target, undo: await undo(entry), journal});
    expect(gone.state).toBe('undone');
    expect(await target.read(made)).toBeUndefined();
  });

  it('makes a deleted object again, and a recreated pod as it was', async () => {
    const binding = ref('rbac.authorization.k8s.io/v1', 'RoleBinding', namespace, 'web-view');
    await plane.kubectl(
      '-n',
      namespace,
      'create',
      'rolebinding',
      'web-view',
      '--clusterrole=view',
      `--serviceaccount=${namespace}:web`,
    );
    const bare = ref('v1', 'Pod', namespace, 'bare');
    const entry = await apply(
      {do: 'delete', object: binding},
      {do: 'recreate', object: bare, edits: [set(['spec', 'automountServiceAccountToken'], false)]},
    );
    expect(entry.steps.map((step) => step.state)).toEqual(['done', 'done']);
    expect(await target.read(binding)).toBeUndefined();
    const undone = await applyUndo({target, undo: await undo(entry), journal});
    expect(undone.state).toBe('undone');
    expect(getAt(await target.read(binding), ['roleRef', 'name'])).toBe('view');
    expect(await target.read(bare)).not.toHaveProperty('spec.automountServiceAccountToken');
  });

  it('notes what the server refuses, and applies the rest', async () => {
    const entry = await apply(
      {
        do: 'edit',
        object: deployment(),
        edits: [set([...container, 'securityContext'], {privileged: true, allowPrivilegeEscalation: false})],
      },
      tokenOff('web'),
    );
    expect(entry.state).toBe('applied');
    expect(entry.steps.map((step) => step.state)).toEqual(['refused', 'done']);
    expect(entry.steps[0]?.reason).toContain('cannot set `allowPrivilegeEscalation`');
  });

  it('leaves out what a refused step is needed for, and applies the rest', async () => {
    const made = (kind: string, name: string, spec: JsonObject): Step => ({
      do: 'create',
      id: name,
      object: {base: {apiVersion: 'v1', kind, metadata: {name, namespace}, spec}},
    });
    const prepared = await plan(
      made('LimitRange', 'limits', {limits: [{type: 'Container', default: {memory: '1Gi'}}]}),
      made('ResourceQuota', 'quota', {hard: {'limits.memory': '4Gi'}}),
      tokenOff('web'),
    );
    expect(prepared.items.map(({rejection}) => rejection)).toEqual([undefined, undefined, undefined]);
    // Somebody was faster, with other limits.
    await plane.load(`
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: ${namespace}}
spec: {limits: [{type: Pod, max: {memory: 8Gi}}]}
`);
    const entry = await applyPlan({target, plan: prepared, journal, title: 'test'});
    expect(entry.steps.map((step) => step.state)).toEqual(['refused', 'refused', 'done']);
    expect(entry.steps[1]?.reason).toBe(
      `It needs LimitRange ${namespace}/limits, which is refused: nothing was written.`,
    );
    expect(await target.read(ref('v1', 'ResourceQuota', namespace, 'quota'))).toBeUndefined();
  });

  it('stops between two steps when it is aborted, and the entry tells which were written', async () => {
    const stop = new AbortController();
    const prepared = await plan(tokenOff('web'), tokenOff('worker'));
    const entry = await applyPlan({
      target,
      plan: prepared,
      journal,
      title: 'aborted',
      signal: stop.signal,
      onEvent: (event) => event.type === 'written' && stop.abort(),
    });
    expect(entry.steps.map((step) => step.state)).toEqual(['done', 'planned']);
    expect(await target.read(account('worker'))).not.toHaveProperty('automountServiceAccountToken');
  });

  it('offers an entry that a crash left open: finish writes the rest, undo takes back what was written', async () => {
    for (const way of ['finish', 'undo'] as const) {
      const prepared = await plan(tokenOff('web'), tokenOff('worker'));
      const open = journal.begin('crashed', prepared.items);
      // Written, and killed before it could be noted.
      await target.apply(prepared.items[0]!);
      expect(journal.unfinished().map(({number}) => number)).toEqual([open.number]);
      const found = journal.read(open.number)!;
      if (way === 'finish') {
        const entry = await finishEntry({target, journal, entry: found});
        expect(entry.state).toBe('applied');
        expect(getAt(await target.read(account('worker')), ['automountServiceAccountToken'])).toBe(false);
        await applyUndo({target, undo: await undo(entry), journal});
      } else {
        const entry = await applyUndo({target, undo: await undo(found), journal});
        expect(entry.state).toBe('undone');
      }
      for (const name of ['web', 'worker']) {
        expect(await target.read(account(name))).not.toHaveProperty('automountServiceAccountToken');
      }
      expect(journal.unfinished()).toEqual([]);
    }
  });

  it('makes a pod again that a crash left deleted', async () => {
    const bare = ref('v1', 'Pod', namespace, 'bare');
    for (const way of ['finish', 'undo'] as const) {
      const off = set(['spec', 'automountServiceAccountToken'], false);
      const prepared = await plan({do: 'recreate', object: bare, edits: [off]});
      const open = journal.begin('crashed', prepared.items);
      await plane.kubectl('-n', namespace, 'delete', 'pod', 'bare', '--wait');
      const found = journal.read(open.number)!;
      if (way === 'finish') await finishEntry({target, journal, entry: found});
      else await applyUndo({target, undo: await undo(found), journal});
      const field = getAt(await target.read(bare), ['spec', 'automountServiceAccountToken']);
      expect(field).toBe(way === 'finish' ? false : undefined);
      await plane.kubectl('-n', namespace, 'delete', 'pod', 'bare', '--wait');
      await plane.load(home(namespace));
    }
  });

  it('is for the owner alone', () => {
    const files = readdirSync(join(state, 'journal'), {recursive: true, withFileTypes: true});
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const mode = statSync(join(file.parentPath, file.name)).mode & 0o777;
      expect(mode, file.name).toBe(file.isDirectory() ? 0o700 : 0o600);
    }
  });
});
