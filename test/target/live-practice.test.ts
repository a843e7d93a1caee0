import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseDocument} from 'yaml';
import type {Step} from '../../src/engine/change.ts';
import {element, getAt} from '../../src/engine/path.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {rolloutStatus} from '../../src/fix/guard.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {applyUndo, undoPlan} from '../../src/fix/undo.ts';
import {attachControllers} from '../../src/practice/controllers/attach.ts';
import {type PracticeCluster, startPracticeCluster} from '../../src/practice/practice-cluster.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import type {Target} from '../../src/target/target.ts';
import {until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';

const scenarioDirectory = join(import.meta.dirname, '../../src/practice/scenarios/home');

describe('the practice cluster, reached as a live one', () => {
  let directory: string;
  let cluster: PracticeCluster;
  let target: Target;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kubekata-practice-'));
    cluster = await startPracticeCluster({
      directory,
      scenarioDirectory,
      controllers: (machine) =>
        attachControllers(machine, {scenarioDirectory, nodeDirectory: join(directory, 'nodes')}),
    });
    target = await liveTarget({
      kubeconfig: cluster.kubeconfigPath,
      kind: 'practice',
      name: 'home',
      timing: {pageSize: 20},
    });
  });

  afterAll(async () => {
    await target?.close();
    await cluster?.stop();
    rmSync(directory, {recursive: true, force: true});
  });

  it('is read whole: objects, kubelets, metrics, no gap', async () => {
    await until(() => cluster.machine.list('pods').length === 44, '44 pods');
    const events = await target.list();
    const inventory = intoInventory(events);
    expect(inventory.list('ServiceAccount')).toHaveLength(63);
    expect(inventory.list('Pod')).toHaveLength(44);
    const kubelets = events.flatMap((event) =>
      event.type === 'set' && event.resource.kind === 'Kubelet' ? [event.resource.name] : [],
    );
    expect(kubelets).toEqual(expect.arrayContaining(['rpi-1', 'rpi-2', 'rpi-3']));
    expect([...inventory.gaps()]).toEqual([]);
    expect(inventory.unreadable().size).toBe(0);
    expect(inventory.list('Secret').every(({object}) => object.data === undefined)).toBe(true);
  });

  it('breaks as foreseen, is noticed by the guard, and is well again after undo', async () => {
    const inventory = intoInventory(await target.list());
    const stop = new AbortController();
    let changed = Promise.withResolvers<void>();
    const watching = target.watch((events) => {
      intoInventory(events, inventory);
      changed.resolve();
    }, stop.signal);
    const holds = async (state: string): Promise<void> => {
      while (rolloutStatus(inventory, ref).state !== state) {
        await changed.promise;
        changed = Promise.withResolvers<void>();
      }
    };
    const ref = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'argo', name: 'buildkitd'};
    const limits: Step = {
      do: 'create',
      id: 'limits',
      object: {
        base: {
          apiVersion: 'v1',
          kind: 'LimitRange',
          metadata: {name: 'story', namespace: 'argo'},
          spec: {limits: [{type: 'Container', max: {cpu: '1', memory: '512Mi'}}]},
        },
      },
    };
    const restart: Step = {
      do: 'edit',
      object: ref,
      edits: [
        {op: 'set', path: ['spec', 'template', 'metadata', 'annotations', 'restarted'], value: {json: 'now'}},
      ],
    };
    await holds('ready');
    const plan = await preparePlan({target, inventory, change: {id: 'story', steps: [limits, restart]}});
    expect(plan.items.map(({rejection}) => rejection)).toEqual([undefined, undefined]);
    expect(plan.breaks[0]?.text).toBe(
      'Deployment argo/buildkitd sets a CPU limit of 2, story allows 1 at most. The API server refuses its next pods; those that run stay.',
    );
    const journal = new Journal(directory, await target.identity());
    const entry = await applyPlan({target, plan, journal, title: 'the story'});
    expect(entry.steps.map(({state}) => state)).toEqual(['done', 'done']);
    await holds('failing');
    expect(rolloutStatus(inventory, ref).reasons[0]).toContain(
      'maximum cpu usage per Container is 1, but limit is 2',
    );
    const undone = await applyUndo({
      target,
      undo: await undoPlan({target, inventory, entry, journal}),
      journal,
    });
    expect(undone.state).toBe('undone');
    await holds('ready');
    stop.abort();
    await watching;
  });

  it('keeps the fields that nobody touched, byte for byte', async () => {
    const ref = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'argocd', name: 'argocd-server'};
    const before = await target.read(ref);
    const name = String(getAt(before, ['spec', 'template', 'spec', 'containers', 0, 'name']));
    const path = [
      'spec',
      'template',
      'spec',
      'containers',
      element('name', name),
      'securityContext',
      'allowPrivilegeEscalation',
    ];
    const [item] = await target.preview({
      id: 'one field',
      steps: [{do: 'edit', object: ref, edits: [{op: 'set', path, value: {json: false}}]}],
    });
    expect(item?.rejection).toBeUndefined();
    expect(getAt(item?.after, path)).toBe(false);
    expect(await target.read(ref)).toEqual(before);
  });

  it('sees what a kubelet enforces anew when its file on the node is edited', async () => {
    const inventory = intoInventory([]);
    const stop = new AbortController();
    const watching = target.watch((events) => void intoInventory(events, inventory), stop.signal);
    const anonymous = (): unknown =>
      getAt(inventory.get('Kubelet', '', 'rpi-3')?.object, [
        'config',
        'authentication',
        'anonymous',
        'enabled',
      ]);
    await until(() => anonymous() === true, 'rpi-3 lets strangers in');
    const file = join(directory, 'nodes/rpi-3/var/lib/kubelet/config.yaml');
    const config = parseDocument(readFileSync(file, 'utf8'));
    config.setIn(['authentication', 'anonymous', 'enabled'], false);
    writeFileSync(file, config.toString());
    await until(() => anonymous() === false, 'rpi-3 turns strangers away');
    stop.abort();
    await watching;
  });
});
