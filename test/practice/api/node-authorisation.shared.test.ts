import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {asObject} from '../../../src/engine/json.ts';
import {until} from '../../helpers/control-plane.ts';
import {hasShared} from '../../helpers/shared.ts';
import {newNamespace, type Send} from './differential.ts';
import {type Case, create, ns} from './differential-requests.ts';
import {type FlaggedPair, startFlagged} from './flagged-pair.ts';
import {asNode, nodeReads, nodeReviews, nodeRules, nodeSetup} from './node-cases.ts';
import {certificateCases, mayAll, restricted} from './node-restriction-cases.ts';
import {newDirectory, removeDirectory} from './practice.ts';

describe.skipIf(!hasShared)('kubelets on a real API server and on ours', () => {
  const namespace = newNamespace();
  let pair: FlaggedPair;
  let folder: string;
  beforeAll(async () => {
    pair = await startFlagged(namespace, [
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
    ]);
    folder = newDirectory();
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
  afterAll(async () => {
    await pair?.stop();
    removeDirectory(folder);
  }, 60_000);

  /** The cases as they are for one cluster: with the uids that objects have there. */
  const withUids =
    (send: Send): Send =>
    async (item, at) => {
      const uids: string[] = [];
      for (const path of ['/api/v1/nodes/rpi-2', `${ns}/pods/here`, `${ns}/pods/elsewhere`]) {
        const {body} = await send({name: 'uid', path}, at);
        uids.push(String(asObject(asObject(body).metadata).uid));
      }
      const [node = '', here = '', elsewhere = ''] = uids;
      const text = JSON.stringify(item)
        .replaceAll('$uid', node)
        .replaceAll('$pod', here)
        .replaceAll('$elsewhere', elsewhere);
      const answer = await send(JSON.parse(text), at);
      // What a node looks like is each cluster's own; what is refused is compared word by word.
      return answer.status < 300 ? {...answer, body: null} : answer;
    };
  const compare = async (items: readonly Case[]) => {
    const {real, ours} = pair;
    return pair.compare(items, {real: withUids(real), ours: withUids(ours)});
  };

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

  test('may write what is their own', async () => {
    expect(await compare([...restricted, ...certificateCases(folder)])).toEqual({});
  }, 120_000);

  test('may not write more where RBAC lets them', async () => {
    const binding = create('binding', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: {name: 'all-nodes'},
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin'},
      subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:nodes'}],
    });
    await pair.both(binding);
    const probe = {name: 'probe', path: '/api/v1/nodes', headers: asNode('rpi-2')};
    await until(async () => (await pair.real(probe, namespace)).status === 200, 'the binding counts', 60);
    expect(await compare(mayAll)).toEqual({});
  }, 120_000);
});
