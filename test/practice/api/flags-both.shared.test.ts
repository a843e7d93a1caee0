import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {asObject, asString, isArray, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {apiProcess} from '../../../src/practice/api-process.ts';
import {startPracticeCluster} from '../../../src/practice/practice-cluster.ts';
import {type ApiServerFlags, refusalOf, startApiServer} from '../../helpers/api-server.ts';
import {type ControlPlane, startControlPlane} from '../../helpers/control-plane.ts';
import {hasShared} from '../../helpers/shared.ts';
import {type Answer, connect, differences, normalise, type Send, withoutControllers} from './differential.ts';
import {type Ask, type Refusal, refusals, type Toggle, toggles, type Who} from './flags-both.ts';
import {liveScenario, newDirectory, removeDirectory} from './practice.ts';

const home = join(import.meta.dirname, '../../../src/practice/scenarios/home/nodes');
const namespace = 'diff-00000000';

describe.skipIf(!hasShared)('flags of the API server do what they do to a real one', () => {
  let plane: ControlPlane;
  const directories: string[] = [];
  const directoryOf = new Map<string, string>();
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    plane = await startControlPlane();
  }, 120_000);
  afterAll(async () => {
    await plane.stop();
    for (const directory of directories) removeDirectory(directory);
  }, 60_000);

  /** The flags with the place of their files, which is the same for both. */
  function placed({name, flags}: Refusal): ApiServerFlags {
    const folder = join(plane.folder, 'files', name.replaceAll(/\W+/g, '-'));
    return Object.fromEntries(
      Object.entries(flags).map(([flag, value]) => [flag, value?.replace('FILES', folder)]),
    );
  }

  /** Writes the files for the real server and for ours, and the manifest of ours. */
  function prepare(toggle: Refusal, directory: string): string {
    const nodes = join(directory, 'nodes');
    const node = join(nodes, 'rpi-1');
    const mount = join(plane.folder, 'files');
    for (const folder of [mount, join(node, 'etc/kubernetes/files')]) {
      const own = join(folder, toggle.name.replaceAll(/\W+/g, '-'));
      mkdirSync(own, {recursive: true});
      for (const [file, text] of Object.entries(toggle.files ?? {})) writeFileSync(join(own, file), text);
    }
    cpSync(join(home, 'rpi-1/etc'), join(node, 'etc'), {recursive: true});
    const manifest = join(node, 'etc/kubernetes/manifests/kube-apiserver.yaml');
    // The real control plane runs the default plugins.
    const flags = {'enable-admission-plugins': undefined, ...placed(toggle)};
    const kept = readFileSync(manifest, 'utf8')
      .split('\n')
      .filter((line) => !Object.keys(flags).some((flag) => line.includes(`--${flag}=`)))
      .join('\n');
    const lines = Object.entries(flags)
      .filter(([, value]) => value !== undefined)
      .map(([flag, value]) => `        - "--${flag}=${value}"\n`);
    writeFileSync(
      manifest,
      kept
        .replace('        - kube-apiserver\n', `        - kube-apiserver\n${lines.join('')}`)
        .replace('      volumeMounts:\n', `      volumeMounts:\n        - {name: f, mountPath: ${mount}}\n`)
        .replace('  volumes:\n', '  volumes:\n    - {name: f, hostPath: {path: /etc/kubernetes/files}}\n'),
    );
    return nodes;
  }

  type Senders = Readonly<Record<Who, Send>>;
  async function sendersOf(at: string, kubeconfig: string, anonymous: string): Promise<Senders> {
    const [admin, nobody] = [connect(kubeconfig), connect(anonymous)];
    const made = {name: 'setup', method: 'POST'} as const;
    await admin({...made, path: '/api/v1/namespaces', body: {metadata: {name: namespace}}}, namespace);
    // The real one has none.
    const classes = '/apis/storage.k8s.io/v1/storageclasses';
    await admin({name: 'setup', method: 'DELETE', path: classes}, namespace);
    const accounts = '/api/v1/namespaces/$ns/serviceaccounts';
    await admin({...made, path: accounts, body: {metadata: {name: 'default'}}}, namespace);
    const {body} = await admin({...made, path: `${accounts}/default/token`, body: {spec: {}}}, namespace);
    // Where all is denied, the token of an earlier start does.
    const token = asString(asObject(asObject(body).status).token) || asString(tokens.get(at));
    tokens.set(at, token);
    const bearer = (text: string): Send => {
      const headers = {authorization: `Bearer ${text}`};
      return (item, where) => nobody({...item, headers: {...item.headers, ...headers}}, where);
    };
    return {admin, anonymous: nobody, stranger: bearer('x'), account: bearer(token)};
  }

  /** Without what is each cluster's own: who we are, and the groups beside the API. */
  function bare(answer: Answer): Json {
    const text = JSON.stringify(withoutControllers(normalise({...answer})));
    return inOrder(JSON.parse(text.replaceAll(/"(kubekata-)?admin"/g, '"<me>"')) as Json);
  }

  /** Rules come in any order, as the bindings that grant them. */
  function inOrder(answer: Json): Json {
    const {body, ...rest} = asObject(answer);
    const {status, ...object} = asObject(body);
    if (object.kind !== 'SelfSubjectRulesReview') return answer;
    const sorted = Object.entries(asObject(status)).map(([key, value]) => [
      key,
      isArray(value) ? value.map((rule) => JSON.stringify(rule)).sort() : value,
    ]);
    return {...rest, body: {...object, status: Object.fromEntries(sorted) as JsonObject}};
  }

  async function compare(real: Senders, ours: Senders, asks: readonly Ask[]) {
    const different: Record<string, readonly string[]> = {};
    for (const {as = 'admin', ignore, ...item} of asks) {
      const look = async (): Promise<readonly string[]> => {
        const [theirs, mine] = await Promise.all([real[as](item, namespace), ours[as](item, namespace)]);
        return differences(bare(theirs), bare(mine)).filter((line) => !ignore?.test(line));
      };
      let found = await look();
      // The plugins of a real server see what was made a moment later; what changes nothing can be asked again.
      const isIdle = item.method === undefined || item.path.includes('dryRun=All');
      const end = Date.now() + 5000;
      while (found.length > 0 && isIdle && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        found = await look();
      }
      if (found.length > 0) different[`${as}: ${item.name}`] = found.slice(0, 5);
    }
    return different;
  }

  const rootOf = ({name, after}: Toggle): string => {
    const earlier = toggles.find((one) => one.name === after);
    return earlier ? rootOf(earlier) : name;
  };

  for (const toggle of toggles) {
    test(toggle.name, async () => {
      const root = rootOf(toggle);
      const known = directoryOf.get(root);
      const directory = known ?? newDirectory();
      if (known === undefined) directories.push(directory);
      directoryOf.set(root, directory);
      prepare(toggle, directory);
      const prefix = `flags-${toggles.findIndex(({name}) => name === root)}`;
      const [server, practice] = await Promise.all([
        startApiServer(plane, prefix, placed(toggle), toggle.ready),
        startPracticeCluster({directory, scenarioDirectory: liveScenario(directory)}),
      ]);
      try {
        const anonymous = join(directory, 'anonymous.kubeconfig');
        const config = JSON.parse(readFileSync(practice.kubeconfigPath, 'utf8')) as {users: [{user: object}]};
        config.users[0].user = {};
        writeFileSync(anonymous, JSON.stringify(config));
        const real = await sendersOf(`real ${root}`, server.kubeconfig, server.anonymous);
        const ours = await sendersOf(`ours ${root}`, practice.kubeconfigPath, anonymous);
        expect(await compare(real, ours, toggle.asks)).toEqual({});
      } finally {
        await server.stop();
        await practice.stop();
      }
    }, 120_000);
  }

  /** Of what a program prints, the line that tells why it ends. */
  const reason = (printed: string): string =>
    /"command failed" err=.*|^Error: .*/m.exec(printed)?.[0] ?? printed.slice(-500);

  test('what keeps a real one from starting keeps ours, and is told alike', async () => {
    const told: Record<string, {readonly real: string; readonly ours: string}> = {};
    for (const refusal of refusals) {
      const directory = newDirectory();
      directories.push(directory);
      const state = apiProcess(prepare(refusal, directory));
      const real = reason(await refusalOf(plane, placed(refusal)));
      const ours = state && 'fault' in state ? reason(state.fault) : 'it starts';
      if (real !== ours) told[refusal.name] = {real, ours};
    }
    expect(told).toEqual({});
  }, 120_000);
});
