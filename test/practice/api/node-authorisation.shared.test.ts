import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {asObject} from '../../../src/engine/json.ts';
import {until} from '../../helpers/control-plane.ts';
import {hasShared} from '../../helpers/shared.ts';
import {newNamespace} from './differential.ts';
import {type FlaggedPair, startFlagged} from './flagged-pair.ts';
import {nodeReads, nodeReviews, nodeRules, nodeSetup} from './node-cases.ts';

describe.skipIf(!hasShared)('kubelets on a real API server and on ours', () => {
  const namespace = newNamespace();
  let pair: FlaggedPair;
  beforeAll(async () => {
    pair = await startFlagged(namespace, [
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
    ]);
    for (const item of nodeSetup) await pair.both(item);
    // The real authoriser follows pods and volumes at its own pace.
    for (const name of ['stored', 'other']) {
      const item = nodeReviews.find((one) =>
        one.name.startsWith(`get ${JSON.stringify({resource: 'secrets', namespace: '$ns', name})}`),
      )!;
      const wanted = name === 'stored';
      await until(
        async () => asObject(asObject((await pair.real(item, namespace)).body).status).allowed === wanted,
        item.name,
        60,
      );
    }
  }, 180_000);
  afterAll(() => pair?.stop(), 60_000);

  test('may read what pods of their node need', async () => {
    const different = Object.entries(await pair.compare([...nodeReviews, ...nodeReads])).map(
      ([name, lines]) => [name, lines.filter((line) => !line.startsWith('body.metadata.managedFields: '))],
    );
    expect(different.filter(([, lines]) => lines!.length > 0)).toEqual([]);
  }, 120_000);

  test('have rules that nobody can list', async () => {
    const ours = await pair.ours(nodeRules, namespace);
    const real = await pair.real(nodeRules, namespace);
    const status = (answer: typeof ours) => {
      const {incomplete, evaluationError} = asObject(asObject(answer.body).status);
      return {incomplete, evaluationError};
    };
    expect(status(ours)).toEqual(status(real));
    expect(status(ours).incomplete).toBe(true);
  });
});
