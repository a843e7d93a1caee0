import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {stringify} from 'yaml';
import {rulesFor} from '../../src/cli/rbac.ts';
import type {Step} from '../../src/engine/change.ts';
import {element} from '../../src/engine/path.ts';
import {followRollouts} from '../../src/fix/follow.ts';
import {restartChange, restartedBy} from '../../src/fix/guard.ts';
import type {PlanItem} from '../../src/fix/plan.ts';
import {sourcePatch} from '../../src/fix/source-patch.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import type {Target} from '../../src/target/target.ts';
import {type ControlPlane, startControlPlane, until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {hasShared} from '../helpers/shared.ts';

const workload = (kind: string, name: string, more = ''): string => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: home}
spec:
  ${more}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      hostPID: true
      containers:
      - {name: side, image: "side:1"}
      - {name: main, image: "main:1", env: [{name: A, value: a}, {name: B, value: b}]}
---`;
const deployment = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'home', name: 'web'};
const set = {apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'home', name: 'store'};

const role = (purpose: 'scan' | 'fix'): string =>
  stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {name: `kubekata-${purpose}`},
    rules: rulesFor(purpose),
  });

describe.skipIf(!hasShared)('roles and rollouts on a real cluster', () => {
  let plane: ControlPlane;
  let target: Target;

  beforeAll(async () => {
    plane = await startControlPlane();
    target = await liveTarget({kubeconfig: plane.kubeconfig});
    await plane.load(
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: home}\n---${workload('Deployment', 'web')}${workload('StatefulSet', 'store', 'serviceName: store')}`,
    );
  }, 120_000);

  afterAll(async () => {
    await target?.close();
    await plane?.stop();
  });

  it('the printed role for scanning sees everything, and may write nothing; the one for fixing may', async () => {
    await plane.load(role('scan'));
    await plane.kubectl(
      'create',
      'clusterrolebinding',
      'scan',
      '--clusterrole=kubekata-scan',
      '--user=carol',
    );
    const carol = await liveTarget({kubeconfig: await plane.user('carol')});
    const inventory = intoInventory(await carol.list());
    expect([...inventory.gaps().keys()]).toEqual(['Kubelet']);
    expect(inventory.unreadable().size).toBe(0);
    const restart = restartChange([inventory.get('Deployment', 'home', 'web')!], new Date());
    expect((await carol.preview(restart))[0]?.rejection).toContain(
      'User carol may not get Deployment home/web',
    );
    await plane.load(role('fix'));
    await plane.kubectl('create', 'clusterrolebinding', 'fix', '--clusterrole=kubekata-fix', '--user=carol');
    await expect.poll(async () => (await carol.preview(restart))[0]?.rejection).toBeUndefined();
    await carol.close();
  });

  it('follows workloads until they are ready', async () => {
    const states: string[] = [];
    const statuses = await followRollouts({
      target,
      workloads: [deployment, set],
      seconds: 30,
      onStatus: (all) => states.push(all.map(({state}) => state).join()),
    });
    expect(statuses.map(({state, ready, wanted}) => [state, ready, wanted])).toEqual([
      ['ready', 1, 1],
      ['ready', 1, 1],
    ]);
    expect(states.at(-1)).toBe('ready,ready');
  });

  it('says why a rollout fails: a container that does not start, a pod that is refused', async () => {
    const fails: Step = {
      do: 'edit',
      object: deployment,
      edits: [
        {
          op: 'set',
          path: ['spec', 'template', 'metadata', 'annotations'],
          value: {json: {'sim/fail': 'CreateContainerConfigError', 'sim/message': 'image will run as root'}},
        },
      ],
    };
    for (const item of await target.preview({id: 'x', steps: [fails]})) await target.apply(item);
    const [web] = await followRollouts({target, workloads: [deployment], seconds: 30});
    expect(web?.reasons).toEqual([
      expect.stringMatching(
        /^Pod web-\S+, container (main|side): CreateContainerConfigError: image will run as root\.$/,
      ),
      expect.stringMatching(
        /^Pod web-\S+, container (main|side): CreateContainerConfigError: image will run as root\.$/,
      ),
    ]);

    await plane.kubectl('-n', 'home', 'create', 'quota', 'tight', '--hard=limits.memory=1Gi');
    const inventory = intoInventory(await target.list());
    const restart = restartChange([inventory.get('StatefulSet', 'home', 'store')!], new Date());
    expect(restartedBy(restart)).toEqual([set]);
    for (const item of await target.preview(restart)) await target.apply(item);
    const follow = async () => (await followRollouts({target, workloads: [set], seconds: 30}))[0];
    // The refusal's event comes before the controller has counted its pods anew.
    await until(async () => (await follow())?.ready === 0, 'the set has no ready pod');
    const store = await follow();
    expect(store).toMatchObject({state: 'failing', ready: 0});
    expect(store?.reasons[0]).toContain(
      'A new pod is refused: Create Pod store-0 in StatefulSet store failed error',
    );
    expect(store?.reasons[0]).toContain('failed quota: tight: must specify limits.memory');
  });

  it('a patch for the source does there what the edits do here', async () => {
    const main = ['spec', 'template', 'spec', 'containers', element('name', 'main')] as const;
    const step: Step = {
      do: 'edit',
      object: deployment,
      edits: [
        {op: 'set', path: [...main, 'securityContext', 'allowPrivilegeEscalation'], value: {json: false}},
        {op: 'remove', path: [...main, 'env', element('name', 'B')]},
        {op: 'remove', path: ['spec', 'template', 'spec', 'hostPID']},
      ],
    };
    const [item] = await target.preview({id: 'x', steps: [step]});
    const found = sourcePatch({...item!, owner: undefined, impact: []} satisfies PlanItem);
    expect(found?.left).toEqual([]);
    const write = (name: string, text: string) => writeFileSync(join(plane.folder, name), text);
    write('base.yaml', workload('Deployment', 'web').replace(/---$/, ''));
    write('patch.yaml', stringify(found?.patch));
    write('kustomization.yaml', 'resources: [base.yaml]\npatches: [{path: patch.yaml}]\n');
    const built = await plane.kubectl('kustomize', plane.folder);
    expect(built).toContain('allowPrivilegeEscalation: false');
    expect(built).not.toContain('hostPID');
    expect(built).not.toContain('name: B');
    expect(built).toContain('name: A');
    expect(built).toContain('image: side:1');
  });
});
