import {type IncomingMessage, ServerResponse} from 'node:http';
import {createServer, type Server} from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import {ApiError, forbidden, pathNotFound} from '../api-error.ts';
import {type Authenticator, authenticate, impersonate} from '../authn.ts';
import {authorise} from '../authz.ts';
import type {User} from '../context.ts';
import type {Call} from './call.ts';
import {handlePath} from './paths.ts';
import {requestInfo} from './request-info.ts';
import {handleResource, type Services} from './resource-handlers.ts';
import {respond, setWarnings, toApiError} from './respond.ts';

export type TlsFiles = {readonly ca: string; readonly certificate: string; readonly key: string};

export type HttpOptions = {
  readonly services: Services;
  readonly tls: TlsFiles;
  readonly authenticator: Authenticator;
  /** Tried first, so that a kubeconfig in another terminal keeps working; 0 for any. */
  readonly port: number;
  readonly onLog: (line: string) => void;
};

/** The server on 127.0.0.1; resolves when it listens. */
export async function listen(options: HttpOptions): Promise<{server: Server; port: number}> {
  const {tls} = options;
  const server = createServer(
    {
      cert: tls.certificate,
      key: tls.key,
      ca: tls.ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    },
    (request, response) => void serve(options, server, request, response),
  );
  // A watch is quiet for long, and that is no reason to end it.
  server.requestTimeout = 0;
  server.timeout = 0;
  server.keepAliveTimeout = 90_000;
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(socket as Socket);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.end());
    void serve(options, server, request, response, {socket, head});
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
  return {server, port: (server.address() as AddressInfo).port};
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
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
  upgrade?: Call['upgrade'],
): Promise<void> {
  const warnings: string[] = [];
  response.on('error', () => undefined);
  try {
    await answer(options, server, request, response, warnings, upgrade);
  } catch (error) {
    const apiError = toApiError(error);
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

async function answer(
  {services, authenticator}: HttpOptions,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
  warnings: string[],
  upgrade: Call['upgrade'],
): Promise<void> {
  const {port} = server.address() as AddressInfo;
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
  const known: User = authenticate(authenticator, request, services.server);
  const user = impersonate(known, request.headers, services.server);
  const denial = authorise(services.server, user, info);
  if (denial !== undefined) {
    if (info.isResource)
      throw forbidden({plural: info.resource, group: info.group, kind: ''}, info.name, denial);
    throw new ApiError(403, 'Forbidden', `forbidden: ${denial}`, {});
  }
  const call: Call = {request, response, info, query, user, warnings, ...(upgrade ? {upgrade} : {})};
  if (info.isResource) await handleResource(call, services);
  else if (!(await handlePath(call, services))) throw pathNotFound();
}
