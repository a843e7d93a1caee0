import {chmodSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import type {ControlResult} from '../../src/engine/scan.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {hasShared} from '../helpers/shared.ts';

const counting = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: counter}
rules:
- {nonResourceURLs: [/metrics], verbs: [get]}
- {apiGroups: [''], resources: [namespaces, pods, nodes], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: counter}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: counter}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: counter}]
`;

async function scan(kubeconfig: string): Promise<(id: string) => ControlResult> {
  const target = await liveTarget({kubeconfig});
  try {
    const inventory = intoInventory(await target.list());
    const result = new Scanner(frameworks.kubekata, inventory).scan();
    return (id) => result.controls.find(({entry}) => entry.id === id)!;
  } finally {
    await target.close();
  }
}

describe.skipIf(!hasShared)('evidence of a real control plane', () => {
  describe('that encrypts and audits', () => {
    let plane: ControlPlane;
    beforeAll(async () => {
      plane = await startControlPlane({ENCRYPT: '1', AUDIT: '1'});
      await plane.load(counting);
    }, 120_000);
    afterAll(() => plane?.stop());

    it('is read from its /flagz by an administrator', async () => {
      const of = await scan(plane.kubeconfig);
      for (const id of ['C-0005', 'C-0066', 'C-0067']) {
        expect(of(id), id).toMatchObject({
          status: 'passed',
          all: 1,
          evidence: ['known from its /flagz: in effect'],
        });
      }
    });

    it('is judged by every control of its flags', async () => {
      const of = await scan(plane.kubeconfig);
      const flags = frameworks.kubekata.entries.filter(({control}) => control.kinds.includes('Component'));
      expect(Object.fromEntries(flags.map(({id}) => [id, of(id).status]))).toEqual({
        'C-0005': 'passed',
        'C-0066': 'passed',
        'C-0067': 'passed',
        'C-0068': 'passed',
        'admission-plugins': 'failed',
        'anonymous-requests': 'failed',
        'audit-rotation': 'passed',
        'audit-shipped': 'failed',
        'authorization-modes': 'passed',
        // No static pod of it is there: it runs beside the cluster.
        'etcd-clients': 'notEvaluated',
        'etcd-tls': 'passed',
        'node-versions': 'passed',
        'server-profiling': 'failed',
        'server-tls-version': 'passed',
        'static-token-file': 'passed',
      });
      expect(of('node-versions')).toMatchObject({status: 'passed', all: 4});
    });

    it('shows who may read the kubeconfig in use, and whom its certificate names', async () => {
      chmodSync(plane.kubeconfig, 0o644);
      const open = await scan(plane.kubeconfig);
      const found = (result: ControlResult) =>
        result.failures.flatMap(({resource, findings}) => findings.map((one) => [resource.name, one.found]));
      expect(found(open('kubeconfig-files'))).toEqual([[plane.kubeconfig.slice(1), '0644']]);
      expect(found(open('client-certificates')).map(([, what]) => what)).toEqual(['system:masters']);
      chmodSync(plane.kubeconfig, 0o600);
      expect((await scan(plane.kubeconfig))('kubeconfig-files').status).toBe('passed');
    });

    it('is proved by its counters to who may read only these, once a Secret was written', async () => {
      const user = await plane.user('counter');
      await plane.kubectl('create', 'secret', 'generic', 'one', '--from-literal=a=b');
      const of = await scan(user);
      for (const id of ['C-0005', 'C-0066', 'C-0067']) {
        expect(of(id), id).toMatchObject({
          status: 'passed',
          all: 1,
          evidence: [expect.stringContaining('inferred')],
        });
      }
    });

    it('is seen by how it answers a stranger', async () => {
      const target = await liveTarget({kubeconfig: await plane.user('counter')});
      const [component] = intoInventory(await target.list()).list('Component');
      await target.close();
      expect(component?.object).toMatchObject({
        version: 'v1.36.3',
        observed: {anonymous: true, audits: true, encryptsSecrets: true},
      });
    });
  });

  describe('that does neither', () => {
    let plane: ControlPlane;
    beforeAll(async () => {
      plane = await startControlPlane();
      await plane.load(counting);
    }, 120_000);
    afterAll(() => plane?.stop());

    it('fails by its /flagz', async () => {
      const of = await scan(plane.kubeconfig);
      expect(['C-0005', 'C-0066', 'C-0067'].map((id) => of(id).status)).toEqual([
        'passed',
        'failed',
        'failed',
      ]);
    });

    it('fails by its audit counter alone, and proves nothing about encryption', async () => {
      const of = await scan(await plane.user('counter'));
      await plane.kubectl('create', 'secret', 'generic', 'one', '--from-literal=a=b');
      expect(of('C-0067')).toMatchObject({status: 'failed', evidence: [expect.stringContaining('inferred')]});
      expect(of('C-0066')).toMatchObject({status: 'notEvaluated'});
    });
  });
});
