import {randomBytes} from 'node:crypto';
import {connect} from 'node:tls';
import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {asArray, asObject} from '../../../src/engine/json.ts';
import {random} from './differential-generated.ts';
import {type Practice, startPractice, watch} from './practice.ts';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.close());

const maps = '/api/v1/namespaces/shop/configmaps';

/** Sends bytes as they are, and resolves with what came back when the connection ends or is quiet. */
function send(bytes: Buffer): Promise<string> {
  const {hostname, port} = new URL(practice.access.url);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      ca: practice.access.ca,
      servername: 'localhost',
    });
    let text = '';
    socket.setTimeout(300, () => socket.destroy());
    socket.on('secureConnect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

function state(): string {
  const {machine} = practice.cluster;
  return JSON.stringify(['namespaces', 'configmaps', 'secrets', 'nodes'].map((one) => machine.list(one)));
}

test('malformed requests are refused, and change nothing', async () => {
  const next = random(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const before = state();
  const {host} = new URL(practice.access.url);
  const authorization = `Authorization: Bearer ${practice.access.token}`;
  const bodies = [
    '{',
    '{"metadata":',
    '[]',
    '"x"',
    'null',
    '{"a":1}{"b":2}',
    '{"metadata":{"name":"x"}',
    '\u0000\u0001',
    'k8s\u0000\u0001\u0002\u0003',
    `k8s\u0000${randomBytes(64).toString('latin1')}`,
    '- a\n- b: [',
    'a: &a [*a]',
    '{"__proto__":{"x":1},"metadata":{"name":"P r"}}',
    `${'['.repeat(50_000)}`,
    `{"metadata":{"name":"A","labels":${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}}}`,
  ];
  const types = [
    'application/json',
    'application/yaml',
    'application/vnd.kubernetes.protobuf',
    'application/apply-patch+yaml',
    'application/merge-patch+json',
    'application/json-patch+json',
    'application/strategic-merge-patch+json',
    'text/html',
    '',
    'x'.repeat(2000),
  ];
  const paths = [
    maps,
    `${maps}/x`,
    '/',
    '/api/v1/%ff',
    `/${'a/'.repeat(3000)}`,
    '/api/v1/namespaces/%00/pods',
    '/apis',
    `${maps}?limit=-1&watch=x&labelSelector=%`,
  ];
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'FOO'];
  const requests = Array.from({length: 150}, (): Buffer => {
    const body = pick(bodies);
    // Nothing is deleted but what is not there.
    const method = pick(methods);
    const path = method === 'DELETE' ? `${maps}/x` : pick(paths);
    const length = pick([String(Buffer.byteLength(body)), '1', '-1', 'x', '99999999999']);
    const more = pick([
      '',
      `X-Long: ${'y'.repeat(70_000)}\r\n`,
      'Transfer-Encoding: chunked\r\n',
      'Upgrade: websocket\r\nConnection: Upgrade\r\n',
      'Accept: \u0001\r\n',
    ]);
    const line = pick([`${method} ${path} HTTP/1.1`, `${method} ${path}`, `${method}  HTTP/9`]);
    return Buffer.from(
      `${line}\r\nHost: ${host}\r\n${authorization}\r\nContent-Type: ${pick(types)}\r\nContent-Length: ${length}\r\n${more}\r\n${body}`,
      'latin1',
    );
  });
  requests.push(randomBytes(4000), Buffer.alloc(0), Buffer.from('\r\n\r\n'));
  const answers: string[] = [];
  for (let at = 0; at < requests.length; at += 15)
    answers.push(...(await Promise.all(requests.slice(at, at + 15).map(send))));
  expect(
    answers.filter((text) => /^HTTP.1.1 500 /.test(text) && !text.includes('failed to create typed patch')),
  ).toEqual([]);
  expect(state()).toBe(before);
  expect((await practice.ask(maps)).status).toBe(200);
}, 60_000);

test('hundreds of watches that are dropped and resumed miss nothing', async () => {
  const {ask} = practice;
  const count = 200;
  const list = await ask(maps);
  const start = String(asObject(list.json.metadata).resourceVersion);
  const open = (revision: string) =>
    watch(practice, `${maps}?watch=1&allowWatchBookmarks=true&resourceVersion=${revision}`);
  const first = await Promise.all(Array.from({length: count}, () => open(start)));
  await ask(maps, {body: {metadata: {name: 'w-0'}}});
  const revisions = await Promise.all(
    first.map(async (one) => {
      const {object} = await one.next();
      one.close();
      return String(object.metadata.resourceVersion);
    }),
  );
  // Nobody listens while these come and go.
  for (const number of [1, 2, 3]) await ask(maps, {body: {metadata: {name: `w-${number}`}}});
  await ask(`${maps}/w-1`, {method: 'DELETE'});
  const resumed = await Promise.all(revisions.map(open));
  for (const one of resumed) {
    const seen: string[] = [];
    for (let at = 0; at < 4; at += 1) {
      const {type, object} = await one.next();
      seen.push(`${type} ${String(object.metadata.name)}`);
    }
    expect(seen).toEqual(['ADDED w-1', 'ADDED w-2', 'ADDED w-3', 'DELETED w-1']);
    one.close();
  }
  await vi.waitFor(async () => {
    const opened = await open('0');
    expect((await opened.next()).type).toBe('ADDED');
    opened.close();
  });
}, 60_000);

test('a watch that was away for too long is told so, and a list starts it anew', async () => {
  const {ask, cluster} = practice;
  const {machine} = cluster;
  const before = String(asObject((await ask(maps)).json.metadata).resourceVersion);
  machine.create('configmaps', 'shop', {metadata: {name: 'busy'}});
  for (let turn = 0; turn < 3200; turn += 1) {
    const object = machine.get('configmaps', 'shop', 'busy')!;
    machine.update('configmaps', {...object, data: {turn: String(turn)}});
  }
  const late = await watch(practice, `${maps}?watch=1&resourceVersion=${before}`);
  const event = await late.next();
  expect(event).toMatchObject({type: 'ERROR', object: {code: 410, reason: 'Expired'}});
  expect(await late.ended()).toBe(true);
  const list = await ask(maps);
  expect(asArray(list.json.items).length).toBeGreaterThan(0);
  const anew = await watch(
    practice,
    `${maps}?watch=1&resourceVersion=${String(asObject(list.json.metadata).resourceVersion)}`,
  );
  await ask(`${maps}/busy`, {method: 'DELETE'});
  expect(await anew.next()).toMatchObject({type: 'DELETED', object: {metadata: {name: 'busy'}}});
  anew.close();
}, 60_000);
