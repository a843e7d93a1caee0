import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, vi} from 'vitest';
import {startPracticeCluster} from '../../src/practice/practice-cluster.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {scenarioDirectory} from '../practice/api/practice.ts';
import {keptControls, type Recorded, testPolicies} from './policy-cases.ts';

const recorded = vi.hoisted((): unknown[] => []);
vi.mock('../helpers/test-control.ts', async (original) => ({
  ...(await original<typeof import('../helpers/test-control.ts')>()),
  testControl: (control: unknown, cases: unknown) => recorded.push({control, cases}),
}));
for (const id of keptControls) await import(`../controls/c-${id}.test.ts`);

describe('the practice cluster', () => {
  testPolicies(recorded as Recorded[], async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubekata-policies-'));
    const cluster = await startPracticeCluster({directory, scenarioDirectory});
    const target = await liveTarget({kubeconfig: cluster.kubeconfigPath, kind: 'practice', name: 'home'});
    return {
      target,
      async stop() {
        await target.close();
        await cluster.stop();
        rmSync(directory, {recursive: true, force: true});
      },
    };
  });
});
