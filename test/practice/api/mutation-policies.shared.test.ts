import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {type ControlPlane, startControlPlane} from '../../helpers/control-plane.ts';
import {hasShared} from '../../helpers/shared.ts';
import {
  connect,
  differences,
  newNamespace,
  normalise,
  type Send,
  withoutControllers,
} from './differential.ts';
import {mutationProbes, mutationRequests, mutationSetup} from './mutation-policy-cases.ts';
import {type Practice, startPractice} from './practice.ts';

describe.skipIf(!hasShared)('MutatingAdmissionPolicies', () => {
  const namespace = newNamespace();
  let plane: ControlPlane;
  let practice: Practice;
  let sides: readonly Send[];
  beforeAll(async () => {
    plane = await startControlPlane();
    practice = await startPractice();
    sides = [connect(plane.kubeconfig), connect(practice.cluster.kubeconfigPath)];
    for (const send of sides) {
      const made = {metadata: {name: namespace}};
      await send({name: 'namespace', method: 'POST', path: '/api/v1/namespaces', body: made}, namespace);
      const account = {metadata: {name: 'default'}};
      await send(
        {name: 'account', method: 'POST', path: '/api/v1/namespaces/$ns/serviceaccounts', body: account},
        namespace,
      );
      for (const item of mutationSetup) {
        const {status, body} = await send(item, namespace);
        expect(status, `${item.name}: ${JSON.stringify(body)}`).toBe(201);
      }
    }
    // The real one looks for new policies now and then.
    for (const send of sides)
      await vi.waitFor(
        async () => {
          for (const item of mutationProbes)
            expect(JSON.stringify((await send(item, namespace)).body)).toContain('"added":"yes"');
        },
        {timeout: 30_000, interval: 200},
      );
  }, 180_000);
  afterAll(async () => {
    await plane.stop();
    await practice.close();
  }, 60_000);

  test('change objects alike', async () => {
    const different: Record<string, readonly string[]> = {};
    for (const item of mutationRequests) {
      const [real, ours] = await Promise.all(sides.map((send) => send(item, namespace)));
      const found = differences(
        withoutControllers(normalise({...real!})),
        withoutControllers(normalise({...ours!})),
      );
      if (found.length > 0) different[item.name] = found.map((line) => line.slice(0, 700));
    }
    expect(different).toEqual({});
  }, 120_000);
});
