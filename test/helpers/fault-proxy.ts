import {readFileSync, writeFileSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {createServer, request} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {parse} from 'yaml';
import type {ControlPlane} from './control-plane.ts';

/** What becomes of one request. */
export type Fault =
  /** Not passed on, answered so. */
  | {readonly answer: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown}
  /** The connection is cut before it is passed on. */
  | 'reset'
  /** The server does it, and the connection is cut before its answer. */
  | 'lose answer'
  /** Passed on, and nothing of the answer ever arrives; the connection stays. */
  | 'half-open'
  /** Passed on after so many milliseconds. */
  | {readonly delay: number}
  | undefined;

export type FaultProxy = {
  readonly kubeconfig: string;
  /** The token that the kubeconfig's user shows; read anew from this file. */
  readonly tokenFile: string;
  /** Requests as they came in: `PATCH /api/v1/…`. */
  readonly seen: string[];
  /** Decides about each request; undefined passes it on. */
  fault: (request: IncomingMessage) => Fault;
  /** Cuts every connection that is open now. */
  cut(): void;
  stop(): Promise<void>;
};

type Config = {
  readonly clusters: readonly {
    readonly cluster: {readonly server: string; readonly 'certificate-authority-data': string};
  }[];
  readonly users: readonly {
    readonly user: Readonly<Record<'client-certificate-data' | 'client-key-data', string>>;
  }[];
};

/** A TLS proxy before a real control plane, that passes requests on as its administrator, apart from the faults. */
export async function startFaultProxy(plane: ControlPlane): Promise<FaultProxy> {
  const config = parse(readFileSync(plane.kubeconfig, 'utf8')) as Config;
  const {cluster} = config.clusters[0]!;
  const {user} = config.users[0]!;
  const pki = (name: string): string => readFileSync(join(plane.folder, 'pki', name), 'utf8');
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  const upstream = {
    ca,
    cert: Buffer.from(user['client-certificate-data'], 'base64').toString(),
    key: Buffer.from(user['client-key-data'], 'base64').toString(),
  };
  const tokenFile = join(plane.folder, 'proxy-token');
  writeFileSync(tokenFile, 'first');

  const pass = (from: IncomingMessage, to: ServerResponse, fault: Fault) => {
    const {authorization: _, host: __, ...headers} = from.headers;
    const url = new URL(from.url ?? '/', cluster.server);
    const onward = request(url, {method: from.method, headers, ...upstream}, (answer) => {
      if (fault === 'lose answer') {
        answer.resume().on('end', () => to.socket?.destroy());
        return;
      }
      if (fault === 'half-open') {
        answer.resume();
        return;
      }
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
      answer.on('error', () => to.destroy());
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  };

  const server = createServer({cert: pki('server.crt'), key: pki('server.key')}, (from, to) => {
    proxy.seen.push(`${from.method} ${from.url}`);
    const fault = proxy.fault(from);
    if (fault === 'reset') to.socket?.destroy();
    else if (typeof fault === 'object' && 'delay' in fault)
      setTimeout(() => pass(from, to, undefined), fault.delay);
    else if (typeof fault === 'object') {
      from.resume();
      to.writeHead(fault.answer, {'content-type': 'application/json', ...fault.headers});
      to.end(
        JSON.stringify(
          fault.body ?? {kind: 'Status', status: 'Failure', code: fault.answer, message: 'made by the test'},
        ),
      );
    } else pass(from, to, fault);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const {port} = server.address() as AddressInfo;
  const kubeconfig = join(plane.folder, 'proxy.kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [
        {
          name: 'p',
          cluster: {
            server: `https://127.0.0.1:${port}`,
            'certificate-authority-data': cluster['certificate-authority-data'],
          },
        },
      ],
      users: [{name: 'u', user: {tokenFile}}],
      contexts: [{name: 'proxied', context: {cluster: 'p', user: 'u'}}],
      'current-context': 'proxied',
    }),
  );
  const proxy: FaultProxy = {
    kubeconfig,
    tokenFile,
    seen: [],
    fault: () => undefined,
    cut: () => server.closeAllConnections(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
