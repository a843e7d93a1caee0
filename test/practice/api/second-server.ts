import {type ChildProcess, spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {type ControlPlane, until} from '../../helpers/control-plane.ts';

export type SecondServer = {readonly kubeconfig: string; stop(): Promise<void>};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** One more kube-apiserver of a control plane, on the same etcd: the same flags, but for these. */
export async function startSecondServer(
  plane: ControlPlane,
  flags: readonly string[],
  name = 'second',
): Promise<SecondServer> {
  const pid = readFileSync(join(plane.folder, 'pid/kube-apiserver'), 'utf8').trim();
  const [program = '', ...given] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const port = await freePort();
  const names = ['--secure-port', ...flags.map((flag) => flag.split('=')[0]!)];
  const own = given.filter(
    (word, index) => !names.includes(word) && (word.startsWith('--') || !names.includes(given[index - 1]!)),
  );
  const log = openSync(join(plane.folder, `log/${name}.log`), 'a');
  const child: ChildProcess = spawn(program, [...own, `--secure-port=${port}`, ...flags], {
    env: {...process.env, HOME: plane.folder},
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kubeconfig = join(plane.folder, `${name}.kubeconfig`);
  const text = readFileSync(plane.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, text.replace(/https:\/\/127\.0\.0\.1:\d+/g, `https://127.0.0.1:${port}`), {
    mode: 0o600,
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await until(
      async () => {
        if (child.exitCode !== null)
          throw new Error(readFileSync(join(plane.folder, `log/${name}.log`), 'utf8').slice(-2000));
        return plane
          .kubectl('--kubeconfig', kubeconfig, 'get', '--raw', '/readyz')
          .then(() => true)
          .catch(() => false);
      },
      'the second kube-apiserver is ready',
      90,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {kubeconfig, stop};
}
