import {describe, vi} from 'vitest';
import {liveTarget} from '../../src/target/live/live.ts';
import {startControlPlane} from '../helpers/control-plane.ts';
import {hasShared} from '../helpers/shared.ts';
import {keptControls, type Recorded, testPolicies} from './policy-cases.ts';

const recorded = vi.hoisted((): unknown[] => []);
vi.mock('../helpers/test-control.ts', async (original) => ({
  ...(await original<typeof import('../helpers/test-control.ts')>()),
  testControl: (control: unknown, cases: unknown) => recorded.push({control, cases}),
}));
for (const id of keptControls) await import(`../controls/c-${id}.test.ts`);

describe.skipIf(!hasShared)('a real API server', () => {
  testPolicies(recorded as Recorded[], async () => {
    const plane = await startControlPlane();
    const target = await liveTarget({kubeconfig: plane.kubeconfig});
    return {
      target,
      async stop() {
        await target.close();
        await plane.stop();
      },
    };
  });
});
