import {type ChildProcess, spawn} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {parse} from 'yaml';
import type {ControlPlane} from './control-plane.ts';
import {until} from './control-plane.ts';

/** A flag by its name without dashes; undefined takes it away. */
export type ApiServerFlags = Readonly<Record<string, string | undefined>>;

/** One more kube-apiserver on the etcd of a control plane, with other flags. */
export type SecondApiServer = {
  /** Of the administrator; `anonymous` has no credentials. */
  readonly kubeconfig: string;
  readonly anonymous: string;
  stop(): Promise<void>;
};

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The program and its arguments, as the control plane's own with these flags changed. */
function commandOf(
  plane: Pick<ControlPlane, 'folder'>,
  flags: ApiServerFlags,
): readonly [string, readonly string[]] {
  const pid = readFileSync(join(plane.folder, 'pid/kube-apiserver'), 'utf8').trim();
  const [program = '', ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const found = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    if (!word.startsWith('--')) continue;
    const next = words[index + 1];
    found.set(word.slice(2), next === undefined || next.startsWith('--') ? 'true' : next);
  }
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined) found.delete(name);
    else found.set(name, value);
  }
  return [program, [...found].map(([name, value]) => `--${name}=${value}`)];
}

function run(
  plane: Pick<ControlPlane, 'folder'>,
  flags: ApiServerFlags,
): {child: ChildProcess; printed: () => string} {
  const [program, words] = commandOf(plane, flags);
  const child = spawn(program, words, {stdio: ['ignore', 'pipe', 'pipe'], env: {HOME: plane.folder}});
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  return {child, printed: () => text};
}

/** What a kube-apiserver prints that does not start with these flags. @throws where it is still up after 15 seconds. */
export async function refusalOf(plane: Pick<ControlPlane, 'folder'>, flags: ApiServerFlags): Promise<string> {
  const {child, printed} = run(plane, {'secure-port': String(await freePort()), ...flags});
  try {
    await until(() => child.exitCode !== null, `kube-apiserver refuses ${JSON.stringify(flags)}`, 15);
  } finally {
    child.kill('SIGKILL');
  }
  return printed();
}

/** @param prefix What it holds in etcd lies there: a new one is an empty cluster. @param ready Answers when it is. */
export async function startApiServer(
  plane: ControlPlane,
  prefix: string,
  flags: ApiServerFlags,
  ready = '/readyz',
): Promise<SecondApiServer> {
  const port = await freePort();
  const {child, printed} = run(plane, {'secure-port': String(port), 'etcd-prefix': `/${prefix}`, ...flags});
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await until(() => child.exitCode !== null || child.signalCode !== null, 'kube-apiserver has ended');
  };
  const config = parse(readFileSync(plane.kubeconfig, 'utf8')) as {
    clusters: [{cluster: {server: string}}];
    users: [{user: object}];
  };
  config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
  const kubeconfig = join(plane.folder, `${prefix}.kubeconfig`);
  writeFileSync(kubeconfig, JSON.stringify(config), {mode: 0o600});
  config.users[0].user = {};
  const anonymous = join(plane.folder, `${prefix}-anonymous.kubeconfig`);
  writeFileSync(anonymous, JSON.stringify(config), {mode: 0o600});
  try {
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`kube-apiserver ended: ${printed().slice(-2000)}`);
        return plane.kubectl('--kubeconfig', kubeconfig, 'get', '--raw', ready).then(
          () => true,
          () => false,
        );
      },
      `kube-apiserver of ${prefix} is ready`,
      90,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {kubeconfig, anonymous, stop};
}
