import type {IncomingMessage, ServerResponse} from 'node:http';
import {createServer, type Server} from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {ApiError, forbidden, pathNotFound} from '../api-error.ts';
import {type Authenticator, authenticate, impersonate} from '../authn.ts';
import {decide, denialOf} from '../authz.ts';
import type {User} from '../context.ts';
import type {ApiServer} from '../server.ts';
import {type AuditRecord, beginAudit} from './audit.ts';
import type {Call} from './call.ts';
import {handlePath} from './paths.ts';
import {requestInfo} from './request-info.ts';
import {handleResource, type Services} from './resource-handlers.ts';
import {respond, setWarnings, toApiError} from './respond.ts';

/** An import of node:http asks for all that it has, and so loads its web sockets: 40 ms of every start. */
function newResponse(request: IncomingMessage): ServerResponse {
  const {ServerResponse: Response} = process.getBuiltinModule('node:http');
  return new Response(request);
}

export type TlsFiles = {readonly ca: string; readonly certificate: string; readonly key: string};

export type HttpOptions = {
  readonly services: Services;
  readonly tls: TlsFiles;
  readonly authenticator: Authenticator;
  /** Tried first, so that a kubeconfig in another terminal keeps working; 0 for any. */
  readonly port: number;
  readonly onLog: (line: string) => void;
};

export type Listener = {
  readonly port: number;
  /** Ends every connection and takes none, as when the process has ended. */
  refuse(): void;
  /** Takes connections again, at the same port. */
  resume(): Promise<void>;
  close(): Promise<void>;
};

/** The server on 127.0.0.1; resolves when it listens. */
export async function listen(options: HttpOptions): Promise<Listener> {
  const {tls} = options;
  const address = {port: 0};
  // Those that left HTTP, such as exec, are known to nobody else.
  const sockets = new Set<Duplex>();
  const server = createServer(
    {
      cert: tls.certificate,
      key: tls.key,
      ca: tls.ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    },
    (request, response) => void serve(options, address, request, response),
  );
  // A watch is quiet for long, and that is no reason to end it.
  server.requestTimeout = 0;
  server.timeout = 0;
  server.keepAliveTimeout = 90_000;
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const response = newResponse(request);
    response.assignSocket(socket as Socket);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.end());
    void serve(options, address, request, response, {socket, head});
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  try {
    await start(server, options.port);
  } catch (error) {
    if (options.port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await start(server, 0);
  }
  const {port} = server.address() as AddressInfo;
  address.port = port;
  const refuse = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    refuse,
    async resume() {
      if (!server.listening) await start(server, port);
    },
    close: () =>
      new Promise((resolve) => {
        if (server.listening) server.close(() => resolve());
        else resolve();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const start = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

async function serve(
  options: HttpOptions,
  address: {readonly port: number},
  request: IncomingMessage,
  response: ServerResponse,
  upgrade?: Call['upgrade'],
): Promise<void> {
  const warnings: string[] = [];
  response.on('error', () => undefined);
  const audit: {record?: AuditRecord | undefined} = {};
  try {
    await answer(options, address, request, response, warnings, audit, upgrade);
  } catch (error) {
    const apiError = toApiError(error);
    audit.record?.failed(apiError.status());
    if (apiError.code === 500)
      options.onLog(`${request.method} ${request.url}: ${String((error as Error).stack)}`);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    setWarnings(response, warnings);
    if (apiError.details?.retryAfterSeconds)
      response.setHeader('Retry-After', apiError.details.retryAfterSeconds);
    // A body that nobody reads must not be taken for the next request.
    if (!request.complete) response.setHeader('Connection', 'close');
    await respond(response, apiError.code, apiError.status());
  }
}

/** Who asks; a refusal is recorded as one of nobody's. @throws {ApiError} 401 */
function authenticated(
  authenticator: Authenticator,
  request: IncomingMessage,
  server: ApiServer,
  refused: (user: undefined) => void,
): User {
  try {
    return authenticate(authenticator, request, server);
  } catch (error) {
    refused(undefined);
    throw error;
  }
}

async function answer(
  {services, authenticator}: HttpOptions,
  {port}: {readonly port: number},
  request: IncomingMessage,
  response: ServerResponse,
  warnings: string[],
  audit: {record?: AuditRecord | undefined},
  upgrade: Call['upgrade'],
): Promise<void> {
  const host = request.headers.host ?? '';
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    throw new ApiError(
      421,
      'Misdirected',
      `The practice cluster answers at https://127.0.0.1:${port} only, and not as ${host || 'a nameless host'}.`,
    );
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const info = requestInfo(request.method ?? 'GET', path, query);
  const {server} = services;
  const record = (user: User | undefined): void => {
    const {audit: settings} = server.settings;
    if (settings) audit.record = beginAudit(settings, server, request, response, user, info);
  };
  const known = authenticated(authenticator, request, server, record);
  record(known);
  const user = impersonate(known, request.headers, server);
  if (user !== known) audit.record?.impersonated(user);
  const verdict = decide(server, user, info);
  audit.record?.decided(verdict.allowed, verdict.reason);
  if (!verdict.allowed) {
    const denial = denialOf(user, info, verdict.reason);
    if (info.isResource)
      throw forbidden({plural: info.resource, group: info.group, kind: ''}, info.name, denial);
    throw new ApiError(403, 'Forbidden', `forbidden: ${denial}`, {});
  }
  const {record: recorded} = audit;
  const call: Call = {
    ...{request, response, info, query, user, warnings},
    ...(recorded ? {annotate: recorded.annotate} : {}),
    ...(upgrade ? {upgrade} : {}),
  };
  if (info.isResource) await handleResource(call, services);
  else if (!(await handlePath(call, services))) throw pathNotFound();
}
