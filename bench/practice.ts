import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {Agent, request} from 'node:https';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';
import type {Json} from '../src/engine/json.ts';
import {hasShared, shared} from '../test/helpers/shared.ts';
import {attempt, type Outcome, type Row, within} from './measure.ts';
import {bin} from './program.ts';

/** Ready in 150 ms, 1,000 reads a second, and a cluster of 10,000 objects that stays usable. */
export async function benchPractice(
  times: number,
  folder: string,
  isQuick: boolean,
): Promise<readonly Outcome[]> {
  const home = join(folder, 'practice');
  const large = 'practice: 10,000 objects';
  return [
    ...(await attempt('practice: start', 120, () => starts(times, home))),
    ...(await attempt('practice: reads', 120, () => reads(times, home))),
    ...(isQuick
      ? [{what: large, why: 'left out by --quick.'}]
      : await attempt(large, 300, () => withMany(times, home))),
  ];
}

type Served = {
  readonly child: ChildProcess;
  /** From the command to the line to paste, ms; and what it cost the processor, where the system tells. */
  readonly ready: number;
  readonly cpu: number | undefined;
  readonly kubeconfig: string;
};

/** The built program, until it has printed the line to paste. */
async function serve(home: string): Promise<Served> {
  const started = performance.now();
  const child = spawn(process.execPath, [bin, 'practice'], {
    env: {...process.env, KUBEKATA_HOME: home},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`kubekata practice ended with ${code}.`)));
  });
  const text = await within(30, 'kubekata practice', line);
  const ready = performance.now() - started;
  return {
    child,
    ready,
    cpu: cpuOf(child.pid ?? 0),
    kubeconfig: text.replace(/^export KUBECONFIG='?/, '').replace(/'$/, ''),
  };
}

/** Processor time of a process until now, ms; undefined where /proc has it not. */
function cpuOf(pid: number): number | undefined {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const ticks = fields.split(' ').slice(11, 13).map(Number);
    return ticks.reduce((sum, one) => sum + one, 0) * 10;
  } catch {
    return undefined;
  }
}

async function end({child}: Served): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await within(30, 'the end of kubekata practice', gone);
}

async function starts(times: number, home: string): Promise<readonly Outcome[]> {
  const first = await serve(home);
  await end(first);
  const again: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run <= times; run += 1) {
    const served = await serve(home);
    // The first one warms the compile cache.
    if (run > 0) {
      again.push(served.ready);
      if (served.cpu !== undefined) cpu.push(served.cpu);
    }
    await end(served);
  }
  return [
    {what: 'practice: the first start of all', unit: 'ms', samples: [first.ready]},
    {
      what: 'practice: from the command to the line to paste',
      unit: 'ms',
      samples: again,
      budget: 150,
      ...(cpu.length > 0 ? {cpu} : {}),
    },
  ];
}

type Client = {
  readonly ask: (method: string, path: string, body?: Json, accept?: string) => Promise<string>;
  readonly watch: (path: string) => Promise<{next: () => Promise<string>; close: () => void}>;
};

function clientOf(kubeconfig: string): Client {
  const {clusters, users} = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{cluster: {server: string; 'certificate-authority-data': string}}];
    users: [{user: {token: string}}];
  };
  const {server, 'certificate-authority-data': ca} = clusters[0].cluster;
  const agent = new Agent({keepAlive: true, maxSockets: 8, ca: Buffer.from(ca, 'base64')});
  const authorization = `Bearer ${users[0].user.token}`;
  const options = {servername: 'localhost', headers: {authorization}};
  return {
    ask: (method, path, body, accept = 'application/json') =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = {authorization, accept, ...(text ? {'content-type': 'application/json'} : {})};
        const call = request(new URL(path, server), {...options, agent, method, headers}, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const got = Buffer.concat(chunks).toString('utf8');
            if ((response.statusCode ?? 0) < 300) resolve(got);
            else reject(new Error(`${method} ${path}: ${response.statusCode} ${got.slice(0, 200)}`));
          });
        });
        call.on('error', reject);
        call.end(text);
      }),
    watch: (path) =>
      new Promise((resolve, reject) => {
        const own = new Agent({ca: Buffer.from(ca, 'base64')});
        const call = request(new URL(path, server), {...options, agent: own}, (response) => {
          const lines = createInterface(response)[Symbol.asyncIterator]();
          resolve({next: async () => String((await lines.next()).value), close: () => response.destroy()});
        });
        call.on('error', reject);
        call.end();
      }),
  };
}

const paths = [
  '/api/v1/namespaces/argo/pods',
  '/apis/apps/v1/namespaces/argocd/deployments',
  '/api/v1/namespaces/kube-system/configmaps',
  '/api/v1/namespaces/argo',
  '/api/v1/nodes',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/argo/roles',
];

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<readonly number[]> {
  await work();
  const samples: number[] = [];
  for (let run = 0; run < times; run += 1) samples.push(await time(work));
  return samples;
}

/** Runs `count` of them, eight at a time. */
async function parallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({length: 8}, worker));
}

async function reads(times: number, home: string): Promise<readonly Outcome[]> {
  const served = await serve(home);
  try {
    const {ask} = clientOf(served.kubeconfig);
    const samples = await repeat(times, () =>
      parallel(1000, (index) => ask('GET', paths[index % paths.length]!)),
    );
    return [{what: 'practice: 1,000 reads over 8 connections', unit: 'ms', samples, budget: 1000}];
  } finally {
    await end(served);
  }
}

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const run = promisify(execFile);

/** What a client does in a cluster of 10,000 objects. */
async function withMany(times: number, home: string): Promise<readonly Outcome[]> {
  const served = await serve(home);
  try {
    const client = clientOf(served.kubeconfig);
    await client.ask('POST', '/api/v1/namespaces', {metadata: {name: 'many'}});
    const kinds = [
      ['/api/v1/namespaces/many/configmaps', {data: {a: 'b'.repeat(200)}}],
      ['/api/v1/namespaces/many/secrets', {stringData: {a: 'b'}}],
      ['/apis/apps/v1/namespaces/many/deployments', {spec: deployment}],
    ] as const;
    const filling = await time(() =>
      parallel(10_000, (index) => {
        const [path, more] = kinds[index % kinds.length]!;
        return client.ask('POST', path, {metadata: {name: `object-${index}`}, ...more});
      }),
    );
    const maps = '/api/v1/configmaps';
    const row = (what: string, samples: readonly number[], budget?: number): Row => ({
      what: `practice: 10,000 objects, ${what}`,
      unit: 'ms',
      samples,
      ...(budget === undefined ? {} : {budget}),
    });
    return [
      row('writing them', [filling]),
      row('a list of 3,333 as JSON', await repeat(times, () => client.ask('GET', maps)), 250),
      row(
        'a list of 3,333 Deployments as a table',
        await repeat(times, () => client.ask('GET', '/apis/apps/v1/deployments', undefined, table)),
        500,
      ),
      row('one read', await repeat(times * 3, () => client.ask('GET', '/api/v1/namespaces/many')), 20),
      row('from a write to its event in a watch', await latencies(client, times * 3), 100),
      ...(await kubectl(served, times, row)),
      row('the next start', [await restarted(served, home)], 1000),
    ];
  } finally {
    if (served.child.exitCode === null) await end(served);
  }
}

const deployment = {
  replicas: 0,
  selector: {matchLabels: {app: 'a'}},
  template: {
    metadata: {labels: {app: 'a'}},
    spec: {containers: [{name: 'a', image: 'nginx:1', resources: {limits: {memory: '64Mi'}}}]},
  },
};

async function latencies(client: Client, times: number): Promise<readonly number[]> {
  const path = '/api/v1/namespaces/many/configmaps';
  const list = JSON.parse(await client.ask('GET', `${path}?limit=1`)) as {
    metadata: {resourceVersion: string};
  };
  const events = await client.watch(`${path}?watch=1&resourceVersion=${list.metadata.resourceVersion}`);
  const samples: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const name = `late-${index}-${process.pid}`;
    const started = performance.now();
    const seen = events.next();
    await client.ask('POST', path, {metadata: {name}});
    const event = await seen;
    if (!event.includes(name)) throw new Error(`The watch told of another object than ${name}.`);
    samples.push(performance.now() - started);
  }
  events.close();
  return samples;
}

async function kubectl(
  {kubeconfig}: Served,
  times: number,
  row: (what: string, samples: readonly number[], budget?: number) => Row,
): Promise<readonly Outcome[]> {
  const what = 'kubectl get deployments,configmaps -A';
  if (!hasShared) return [{what: `practice: ${what}`, why: '../shared is not there.'}];
  const {stdout} = await run(shared('cluster/bin.sh'));
  const environment = {...process.env, KUBECONFIG: kubeconfig};
  const get = () =>
    run(join(stdout.trim(), 'kubectl'), ['get', 'deployments,configmaps', '-A'], {
      env: environment,
      maxBuffer: 64 * 1024 * 1024,
    });
  return [row(what, await repeat(Math.min(times, 5), get), 2000)];
}

/** How long the program needs to be there again with all of it. */
async function restarted(served: Served, home: string): Promise<number> {
  await end(served);
  const again = await serve(home);
  await end(again);
  return again.ready;
}
