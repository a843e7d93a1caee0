import {afterAll, beforeAll, expect, test} from 'vitest';
import {asObject} from '../../../src/engine/json.ts';
import {type Practice, startPractice, watch} from './practice.ts';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.close());

const maps = '/api/v1/namespaces/shop/configmaps';
const create = (name: string, labels = {}) => practice.ask(maps, {body: {metadata: {name, labels}}});
const revision = async (): Promise<string> =>
  String(asObject((await practice.ask(maps)).json.metadata).resourceVersion);

test('a watch tells what was, then what changes', async () => {
  await create('before');
  const stream = await watch(practice, `${maps}?watch=true&fieldSelector=metadata.name%3Dbefore`);
  expect(await stream.next()).toMatchObject({type: 'ADDED', object: {metadata: {name: 'before'}}});
  await practice.ask(`${maps}/before`, {body: {data: {a: 'b'}}, type: 'merge'});
  expect(await stream.next()).toMatchObject({type: 'MODIFIED', object: {data: {a: 'b'}}});
  await practice.ask(`${maps}/before`, {method: 'DELETE'});
  expect(await stream.next()).toMatchObject({type: 'DELETED'});
  stream.close();
});

test('a watch resumes where it was left', async () => {
  const from = await revision();
  await create('missed');
  const stream = await watch(practice, `${maps}?watch=true&resourceVersion=${from}`);
  expect(await stream.next()).toMatchObject({type: 'ADDED', object: {metadata: {name: 'missed'}}});
  stream.close();
});

test('an object that leaves the selection is deleted for who watches it', async () => {
  await create('leaves', {in: 'yes'});
  const from = await revision();
  const stream = await watch(practice, `${maps}?watch=true&resourceVersion=${from}&labelSelector=in%3Dyes`);
  await practice.ask(`${maps}/leaves`, {body: {metadata: {labels: {in: 'no'}}}, type: 'merge'});
  expect(await stream.next()).toMatchObject({type: 'DELETED', object: {metadata: {labels: {in: 'yes'}}}});
  await practice.ask(`${maps}/leaves`, {body: {metadata: {labels: {in: 'yes'}}}, type: 'merge'});
  expect(await stream.next()).toMatchObject({type: 'ADDED', object: {metadata: {name: 'leaves'}}});
  stream.close();
});

test('the initial events end with a bookmark', async () => {
  const stream = await watch(
    practice,
    '/api/v1/namespaces?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
  );
  expect((await stream.next()).object.metadata.name).toBe('default');
  expect((await stream.next()).object.metadata.name).toBe('shop');
  expect(await stream.next()).toMatchObject({
    type: 'BOOKMARK',
    object: {metadata: {annotations: {'k8s.io/initial-events-end': 'true'}}},
  });
  stream.close();
});

test('a revision that is forgotten is 410, and the watch ends', async () => {
  for (let index = 0; index < 3100; index += 1)
    practice.cluster.machine.create('configmaps', 'shop', {metadata: {name: `many-${index}`}});
  const stream = await watch(practice, `${maps}?watch=true&resourceVersion=3`);
  expect(stream.status).toBe(200);
  expect(await stream.next()).toMatchObject({type: 'ERROR', object: {code: 410, reason: 'Expired'}});
  expect(await stream.ended()).toBe(true);
});

test('a watch ends when its time is over', async () => {
  const stream = await watch(
    practice,
    `${maps}?watch=true&resourceVersion=${await revision()}&timeoutSeconds=1`,
  );
  expect(await stream.ended()).toBe(true);
});

test('two hundred watches hear of one change', async () => {
  const from = await revision();
  const streams = await Promise.all(
    Array.from({length: 200}, () => watch(practice, `${maps}?watch=true&resourceVersion=${from}`)),
  );
  await create('heard');
  const events = await Promise.all(streams.map((stream) => stream.next()));
  expect(new Set(events.map(({type, object}) => `${type} ${String(object.metadata.name)}`))).toEqual(
    new Set(['ADDED heard']),
  );
  for (const stream of streams) stream.close();
});
