import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type ControlPlane, startControlPlane, until} from '../../helpers/control-plane.ts';
import {connect, differences, normalise, type Send, withoutControllers} from './differential.ts';
import type {Case} from './differential-requests.ts';
import {newDirectory, type Practice, removeDirectory, startPractice} from './practice.ts';
import {type SecondServer, startSecondServer} from './second-server.ts';

const home = join(import.meta.dirname, '../../../src/practice/scenarios/home/nodes');

/** A real API server and ours, both started with the same flags. */
export type FlaggedPair = {
  readonly real: Send;
  readonly ours: Send;
  readonly plane: ControlPlane;
  readonly practice: Practice;
  /** Kubeconfigs of both, the real one's first. */
  readonly configs: readonly [string, string];
  /** Sends to both; fails unless each answers with the status. */
  both(item: Case, status?: number): Promise<void>;
  /** What differs, by the name of the case. */
  compare(
    items: readonly Case[],
    by?: {readonly real: Send; readonly ours: Send},
  ): Promise<Record<string, readonly string[]>>;
  stop(): Promise<void>;
};

/**
 * @param flags Given to both; `$dir` is a folder that holds the files.
 * @param files Their text by name.
 */
export async function startFlagged(
  namespace: string,
  flags: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<FlaggedPair> {
  const plane = await startControlPlane();
  const directory = newDirectory();
  let second: SecondServer | undefined;
  let practice: Practice | undefined;
  const stop = async (): Promise<void> => {
    await second?.stop();
    await practice?.close();
    await plane.stop();
    removeDirectory(directory);
  };
  try {
    const given = join(directory, 'given');
    const node = join(directory, 'nodes/rpi-1');
    const inside = join(node, 'etc/kubernetes/given');
    cpSync(home, join(directory, 'nodes'), {recursive: true});
    for (const folder of [given, inside]) {
      mkdirSync(folder, {recursive: true});
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    }
    writeManifest(join(node, 'etc/kubernetes/manifests/kube-apiserver.yaml'), flags);
    second = await startSecondServer(
      plane,
      flags.map((flag) => flag.replaceAll('$dir', given)),
    );
    practice = await startPractice(directory, {withControllers: true});
  } catch (error) {
    await stop();
    throw error;
  }
  const configs = [second.kubeconfig, practice.cluster.kubeconfigPath] as const;
  const [real, ours] = configs.map(connect) as [Send, Send];
  const pair: FlaggedPair = {
    ...{real, ours, plane, practice, configs, stop},
    async both(item, status = 201) {
      for (const send of [real, ours]) {
        const answer = await send(item, namespace);
        if (answer.status !== status)
          throw new Error(
            `${item.name} answered ${answer.status} ${send === real ? 'really' : 'here'}: ${JSON.stringify(answer.body)}`,
          );
      }
    },
    async compare(items, by = {real, ours}) {
      const different: Record<string, readonly string[]> = {};
      for (const item of items) {
        const answers = await Promise.all([by.real(item, namespace), by.ours(item, namespace)]);
        const [theirs, mine] = answers.map((answer) => withoutControllers(normalise({...answer})));
        const found = differences(theirs, mine);
        if (found.length > 0) different[item.name] = found.slice(0, 6);
      }
      return different;
    },
  };
  await pair.both({
    name: 'namespace',
    method: 'POST',
    path: '/api/v1/namespaces',
    body: {metadata: {name: namespace}},
  });
  const account = {name: 'account', path: `/api/v1/namespaces/${namespace}/serviceaccounts/default`};
  for (const send of [real, ours])
    await until(async () => (await send(account, namespace)).status === 200, 'the default account', 30);
  return pair;
}

/** Adds flags to the manifest, in place of those of the same name, and mounts their files. */
function writeManifest(file: string, flags: readonly string[]): void {
  const names = flags.map((flag) => flag.split('=')[0]!);
  const kept = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !names.some((name) => line.includes(`- ${name}=`)))
    .join('\n');
  const lines = flags.map((flag) => `        - ${flag.replaceAll('$dir', '/etc/kubernetes/given')}\n`);
  writeFileSync(
    file,
    kept
      .replace('        - kube-apiserver\n', `        - kube-apiserver\n${lines.join('')}`)
      .replace(
        '      volumeMounts:\n',
        '      volumeMounts:\n        - {name: given, mountPath: /etc/kubernetes/given}\n',
      )
      .replace('  volumes:\n', '  volumes:\n    - {name: given, hostPath: {path: /etc/kubernetes/given}}\n'),
  );
}
