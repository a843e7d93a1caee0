import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {asObject, isArray, isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {type ControlPlane, startControlPlane, until} from '../../helpers/control-plane.ts';
import {hasShared, shared} from '../../helpers/shared.ts';
import {
  connect,
  differences,
  newNamespace,
  normalise,
  type Send,
  withoutControllers,
} from './differential.ts';
import type {Case} from './differential-requests.ts';
import {controlPlaneNode, mounted} from './image-policy-files.ts';
import {newDirectory, type Practice, startPractice} from './practice.ts';
import {answering, configurations, pathOf, probes, webhookRequests} from './webhook-cases.ts';
import {type Asked, makeCertificates, serveWebhooks, type WebhookServer} from './webhook-server.ts';

type Side = {readonly name: 'real' | 'ours'; readonly send: Send};

describe.skipIf(!hasShared)('webhooks that answer', () => {
  const namespace = newNamespace();
  let plane: ControlPlane;
  let practice: Practice;
  let server: WebhookServer;
  let sides: readonly Side[];
  let logs: Readonly<Record<Side['name'], string>>;

  beforeAll(async () => {
    plane = await startControlPlane({AUDIT: '1'});
    const directory = newDirectory();
    const node = controlPlaneNode(directory);
    node.write('audit.yaml', readFileSync(shared('cluster/config/audit-policy.yaml'), 'utf8'));
    node.flags(`--audit-policy-file=${mounted}/audit.yaml`, `--audit-log-path=${mounted}/log.jsonl`);
    logs = {
      real: join(plane.folder, 'log/audit.jsonl'),
      ours: join(node.node, mounted, 'log.jsonl'),
    };
    practice = await startPractice(directory);
    const [own, other] = await Promise.all([
      makeCertificates([{type: 'ip', value: '127.0.0.1'}]),
      makeCertificates([], 'CN=other-authority'),
    ]);
    server = await serveWebhooks(own, answering);
    sides = [
      {name: 'real', send: connect(plane.kubeconfig)},
      {name: 'ours', send: connect(practice.cluster.kubeconfigPath)},
    ];
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    for (const {name, send} of sides) {
      const made = {metadata: {name: namespace}};
      await send({name: 'namespace', method: 'POST', path: '/api/v1/namespaces', body: made}, namespace);
      const account = {metadata: {name: 'default'}};
      await send(
        {name: 'account', method: 'POST', path: '/api/v1/namespaces/$ns/serviceaccounts', body: account},
        namespace,
      );
      for (const {kind, object} of configurations) {
        const text = JSON.stringify(object)
          .replaceAll('$url', `https://127.0.0.1:${server.port}/${name}`)
          .replaceAll('$named', `https://localhost:${server.port}/${name}`)
          .replaceAll('$ca', encode(own.authority))
          .replaceAll('$other', encode(other.authority));
        const body = JSON.parse(text) as JsonObject;
        const answer = await send({name: kind, method: 'POST', path: pathOf(kind), body}, namespace);
        expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      }
    }
    for (const {send} of sides)
      await vi.waitFor(
        async () => {
          for (const item of probes) expect((await send(item, namespace)).status).toBeGreaterThanOrEqual(400);
        },
        {timeout: 30_000, interval: 100},
      );
  }, 180_000);
  afterAll(async () => {
    await server.close();
    await plane.stop();
    await practice.close();
  }, 60_000);

  /** The answer and what the webhooks saw, without what is each cluster's own. */
  async function run({name, send}: Side, item: Case): Promise<Json> {
    const before = server.asked.length;
    const answer = await send(item, namespace);
    // The real one's controllers write meanwhile, and are asked about too.
    const seen = server.asked
      .slice(before)
      .filter(({path, body}) => path.startsWith(`/${name}/`) && isOurs(body));
    const reviews = seen
      .map((one) => shown(one))
      .sort((a, b) => (a.path === b.path ? 0 : String(a.path) < String(b.path) ? -1 : 1));
    const own = JSON.parse(
      JSON.stringify(normalise({...answer, reviews}))
        .replaceAll(`:${server.port}`, ':PORT')
        .replaceAll(/"made-[a-z0-9]{5}"/g, '"made-*"')
        .replaceAll(new RegExp(`/${name}/`, 'g'), '/'),
    ) as Json;
    return withoutControllers(own);
  }

  const isOurs = ({request}: JsonObject): boolean => {
    const {username} = asObject(asObject(request).userInfo);
    return /^((kubekata-)?admin|jane)$/.test(String(username));
  };

  function shown({path, headers, body}: Asked): JsonObject {
    const {accept, 'content-type': type, 'user-agent': agent} = headers;
    return {path, headers: {accept: accept ?? '', type: type ?? '', agent: agent ?? ''}, body: bare(body)};
  }

  function bare(value: Json, key = ''): Json {
    if (isArray(value)) return value.map((item) => bare(item));
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => name !== 'extra')
          .map(([name, item]) => [name, bare(item, name)]),
      );
    if (key === 'username' && value !== 'jane') return '<me>';
    return value;
  }

  test('are asked alike, and believed alike', async () => {
    const different: Record<string, readonly string[]> = {};
    for (const item of webhookRequests) {
      const [real, ours] = [await run(sides[0]!, item), await run(sides[1]!, item)];
      const found = differences(real, ours);
      if (found.length > 0) different[item.name] = found.map((line) => line.slice(0, 500));
    }
    expect(different).toEqual({});
    const asked = (name: string): number =>
      server.asked.filter(({path, body}) => path.startsWith(`/${name}/`) && isOurs(body)).length;
    expect(asked('real')).toBeGreaterThan(50);
    expect(asked('ours')).toBe(asked('real'));
  }, 120_000);

  test('leave the same in the audit log', async () => {
    const last: Case = {name: 'last', path: `/api/v1/namespaces/$ns/configmaps/last`};
    const annotations: Record<string, Json> = {};
    for (const {name, send} of sides) {
      await send(last, namespace);
      const lines = (): readonly JsonObject[] =>
        readFileSync(logs[name], 'utf8')
          .split('\n')
          .filter((line) => line.includes(namespace) && line.includes('"differential/1"'))
          .map((line) => JSON.parse(line) as JsonObject)
          .filter(({stage}) => stage === 'ResponseComplete');
      const isLast = ({requestURI}: JsonObject): boolean => String(requestURI).endsWith('/last');
      await until(() => lines().some(isLast), `the log of ${name} has the last request`);
      annotations[name] = lines()
        // How soon the configurations are in force is each cluster's own.
        .filter(({requestURI, verb}) => !/[/]probe|dryRun=All$/.test(String(requestURI)) || verb !== 'create')
        .map(({verb, requestURI, annotations: found}) => ({
          request: `${String(verb)} ${String(requestURI)}`.replaceAll(namespace, '$ns'),
          ...Object.fromEntries(
            // Slow requests tell of their parts.
            Object.entries(asObject(found))
              .filter(([key]) => !key.includes('.latency.'))
              .map(([key, value]) => [key, String(value).replaceAll(namespace, '$ns')]),
          ),
        }));
    }
    expect(JSON.stringify(annotations.real)).toContain('"patch.webhook.admission.k8s.io/round_0_index_');
    expect(JSON.stringify(annotations.real)).toContain('failed-open.validating.webhook');
    expect(differences(annotations.real!, annotations.ours!)).toEqual([]);
  }, 60_000);
});
