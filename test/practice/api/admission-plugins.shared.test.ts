import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {asObject, type JsonObject} from '../../../src/engine/json.ts';
import {until} from '../../helpers/control-plane.ts';
import {hasShared} from '../../helpers/shared.ts';
import {newNamespace, type Send} from './differential.ts';
import type {Case} from './differential-requests.ts';
import {type FlaggedPair, startFlagged} from './flagged-pair.ts';
import {
  claimsBound,
  namespaces,
  pluginCases,
  pluginFlags,
  pluginSetup,
  subjectCases,
} from './plugin-cases.ts';
import {newDirectory, removeDirectory} from './practice.ts';

describe.skipIf(!hasShared)('admission plugins do what they do in a real API server', () => {
  const namespace = newNamespace();
  const folder = newDirectory();
  let pair: FlaggedPair;
  beforeAll(async () => {
    pair = await startFlagged(namespace, pluginFlags);
    for (const item of pluginSetup(folder)) await pair.both(item);
    const ready = async (item: Case, holds: (body: JsonObject) => boolean) => {
      for (const send of [pair.real, pair.ours])
        await until(async () => holds(asObject((await send(item, namespace)).body)), item.name, 60);
    };
    for (const item of claimsBound) await ready(item, (body) => asObject(body.status).phase === 'Bound');
    for (const name of Object.keys(namespaces))
      await ready(
        {name: `account of ${name}`, path: `/api/v1/namespaces/${name}/serviceaccounts/default`},
        (body) => body.kind === 'ServiceAccount',
      );
    // The real plugins and authorisers follow what was made at their own pace.
    for (const item of pluginCases.filter(({name}) =>
      /another node|tolerates more|by signer|by finisher/.test(name),
    ))
      await until(
        async () => {
          const {status, body} = await pair.real(item, namespace);
          const {message} = asObject(body);
          return item.name.includes(' by ') ? !/cannot (update|patch)/.test(String(message)) : status >= 400;
        },
        item.name,
        60,
      );
  }, 240_000);
  afterAll(async () => {
    await pair?.stop();
    removeDirectory(folder);
  }, 60_000);

  /** Who asks for a certificate is written into the request: what is made of it is each cluster's own. */
  const verdicts =
    (send: Send): Send =>
    async (item, at) => {
      const answer = await send(item, at);
      return answer.status < 300 && item.path.includes('certificatesigningrequests')
        ? {...answer, body: null}
        : answer;
    };

  test('word by word', async () => {
    const by = {real: verdicts(pair.real), ours: verdicts(pair.ours)};
    expect(await pair.compare([...pluginCases, ...subjectCases(folder)], by)).toEqual({});
  }, 120_000);
});
