import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import type {IncomingHttpHeaders, IncomingMessage} from 'node:http';
import {Agent, request} from 'node:https';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Json, JsonObject} from '../../../src/engine/json.ts';
import type {Machine} from '../../../src/practice/api/machine.ts';
import {attachControllers} from '../../../src/practice/controllers/attach.ts';
import {metricsProvider} from '../../../src/practice/controllers/metrics.ts';
import {type PracticeCluster, startPracticeCluster} from '../../../src/practice/practice-cluster.ts';

export const scenarioDirectory = join(import.meta.dirname, 'scenario');
const homeDirectory = join(import.meta.dirname, '../../../src/practice/scenarios/home');

/** The nodes, classes and roles of the home, and nothing that runs: as the real control plane of ../shared is. */
export function liveScenario(directory: string): string {
  const folder = join(directory, 'scenario');
  mkdirSync(folder, {recursive: true});
  const names = ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'shop'];
  writeFileSync(
    join(folder, '00-namespaces.yaml'),
    names.map((name) => `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`).join(''),
  );
  for (const file of readdirSync(homeDirectory)) {
    if (/^0[1-5]-.*\.yaml$/.test(file)) cpSync(join(homeDirectory, file), join(folder, file));
  }
  cpSync(join(homeDirectory, 'traits'), join(folder, 'traits'), {recursive: true});
  return folder;
}

export const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'practice-'));
export const removeDirectory = (directory: string): void => rmSync(directory, {recursive: true, force: true});

export type Access = {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  /** Instead of the token. */
  readonly certificate?: {readonly cert: string; readonly key: string};
};

/** Server, authority and token of a kubeconfig that the practice cluster wrote. */
export function accessOf(kubeconfig: string): Access {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{cluster: {server: string; 'certificate-authority-data': string}}];
    users: [{user: {token: string}}];
  };
  const {server, 'certificate-authority-data': ca} = config.clusters[0].cluster;
  return {url: server, ca: Buffer.from(ca, 'base64').toString(), token: config.users[0].user.token};
}

export type Reply = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: JsonObject;
};

export type Ask = {
  readonly method?: string;
  readonly body?: Json;
  readonly raw?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Client = {
  readonly access: Access;
  ask(path: string, options?: Ask): Promise<Reply>;
  open(path: string): Promise<IncomingMessage>;
};

export function clientOf(access: Access): Client {
  // Of its own: a connection that a killed server left must not be taken for one to the next at the same port.
  const agent = new Agent({keepAlive: true, timeout: 5000});
  const send = (path: string, {method, body, raw, type, headers = {}}: Ask = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const call = request(
        new URL(path, access.url),
        {
          method: method ?? (text === undefined ? 'GET' : type ? 'PATCH' : 'POST'),
          ca: access.ca,
          agent,
          servername: 'localhost',
          ...access.certificate,
          headers: {
            ...(access.certificate ? {} : {authorization: `Bearer ${access.token}`}),
            ...(text === undefined
              ? {}
              : {
                  'content-type': type
                    ? `application/${type}-patch+${type === 'apply' ? 'yaml' : 'json'}`
                    : 'application/json',
                  'content-length': Buffer.byteLength(text),
                }),
            ...headers,
          },
        },
        resolve,
      );
      call.on('error', reject);
      call.end(text);
    });
  return {
    access,
    open: (path) => send(path),
    async ask(path, options) {
      const response = await send(path, options);
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      const isJson = response.headers['content-type']?.startsWith('application/json');
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        text,
        json: isJson ? (JSON.parse(text) as JsonObject) : {},
      };
    },
  };
}

export type Practice = Client & {
  readonly cluster: PracticeCluster;
  readonly directory: string;
  close(): Promise<void>;
};

/** A practice cluster with a small scenario; its controllers run when they are asked for. */
export async function startPractice(
  directory = newDirectory(),
  {withControllers = false}: {readonly withControllers?: boolean} = {},
): Promise<Practice> {
  const folder = withControllers ? liveScenario(directory) : scenarioDirectory;
  const cluster = await startPracticeCluster({
    directory,
    scenarioDirectory: folder,
    ...(withControllers
      ? {
          controllers: (machine: Machine) =>
            attachControllers(machine, {
              scenarioDirectory: folder,
              nodeDirectory: join(directory, 'nodes'),
            }),
          metrics: (machine: Machine) => metricsProvider(machine, folder),
        }
      : {}),
  });
  return {
    ...clientOf(accessOf(cluster.kubeconfigPath)),
    cluster,
    directory,
    async close() {
      await cluster.stop();
      removeDirectory(directory);
    },
  };
}

export type WatchEvent = {
  readonly type: string;
  readonly object: JsonObject & {readonly metadata: JsonObject};
};

/** Events of a watch as they come; `next` waits for one. */
export async function watch(client: Client, path: string) {
  const response = await client.open(path);
  response.setEncoding('utf8');
  const lines = (async function* () {
    let rest = '';
    for await (const chunk of response) {
      rest += chunk;
      const parts = rest.split('\n');
      rest = parts.pop()!;
      for (const part of parts) yield JSON.parse(part) as WatchEvent;
    }
  })();
  return {
    status: response.statusCode,
    async next(): Promise<WatchEvent> {
      const {value, done} = await lines.next();
      if (done) throw new Error('the watch has ended');
      return value;
    },
    ended: async (): Promise<boolean> => (await lines.next()).done === true,
    close: () => response.destroy(),
  };
}
