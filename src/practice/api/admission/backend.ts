import type {IncomingMessage} from 'node:http';
import {request} from 'node:https';
import {isIP} from 'node:net';
import {getCACertificates, rootCertificates} from 'node:tls';
import {asString, isObject, type Json, type JsonObject} from '../../../engine/json.ts';
import {jsonKind} from '../decode.ts';
import {goWords, nameProblem, statusWords} from './backend-words.ts';

/** A program beside the cluster that is asked about writes. */
export type Backend = {
  /** Where the object is posted, with its query. */
  readonly url: string;
  /** PEM of the authorities that its certificate is checked with; those of the machine where absent. */
  readonly authorities?: string;
  /** The name that its certificate has to have, where it is not that of the address. */
  readonly serverName?: string;
  /** Whether any certificate will do. */
  readonly isUnverified?: boolean;
  readonly certificate?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly milliseconds: number;
};

/** What it answered; or why it did not, as Go's client tells it, with the status code where it sent one. */
export type Reply = {readonly object: JsonObject} | {readonly failure: string; readonly code?: number};

/** An answer that is longer is none. */
const mostBytes = 16 << 20;

/** Posts an object. Never rejects. */
export async function post(backend: Backend, body: JsonObject): Promise<Reply> {
  try {
    const {message, text} = await send(backend, JSON.stringify(body));
    return read(message, text);
  } catch (error) {
    return {failure: `Post ${JSON.stringify(backend.url)}: ${goWords(error, backend.url)}`};
  }
}

function send(
  backend: Backend,
  body: string,
): Promise<{readonly message: IncomingMessage; readonly text: string}> {
  const {url, authorities, serverName, isUnverified, certificate, key, headers, agent, milliseconds} =
    backend;
  const {hostname} = new URL(url);
  const host = serverName ?? hostname.replace(/^\[|\]$/g, '');
  // An import of node:http would load its web sockets: see https-server.ts.
  const open = url.startsWith('http://') ? process.getBuiltinModule('node:http').request : request;
  return new Promise((resolve, reject) => {
    const call = open(
      url,
      {
        method: 'POST',
        agent: false,
        ca: authorities ?? [...rootCertificates, ...getCACertificates('system')],
        ...(certificate ? {cert: certificate} : {}),
        ...(key ? {key} : {}),
        ...(isUnverified ? {rejectUnauthorized: false} : {}),
        servername: isIP(host) ? '' : host,
        minVersion: 'TLSv1.2',
        checkServerIdentity: (_host, peer) => nameProblem(host, peer),
        signal: AbortSignal.timeout(milliseconds),
        headers: {
          accept: 'application/json, */*',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': agent,
          ...headers,
        },
      },
      (message) => {
        const chunks: Buffer[] = [];
        let size = 0;
        message.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > mostBytes) message.destroy(new Error('http: response body too large'));
        });
        message.on('error', reject);
        message.on('end', () => resolve({message, text: Buffer.concat(chunks).toString('utf8')}));
      },
    );
    // A cluster that ends does not wait for it.
    call.on('socket', (socket) => socket.unref());
    call.on('error', reject);
    call.end(body);
  });
}

function read(message: IncomingMessage, text: string): Reply {
  const code = message.statusCode ?? 0;
  const type = message.headers['content-type'] ?? '';
  const parsed = parse(text);
  if (code < 200 || code > 206) {
    // A status in the body says more than the code.
    if (isObject(parsed) && parsed.kind === 'Status' && parsed.status !== 'Success')
      return {failure: asString(parsed.message) || 'unknown', code};
    const isText = type === '' || type.startsWith('text/');
    return {failure: statusWords(code, isText ? text.slice(0, 2048).trim() : 'unknown'), code};
  }
  if (text === '')
    return {failure: `0-length response with status code: ${code} and content type: ${type}`, code};
  if (!isObject(parsed))
    return {failure: `couldn't get version/kind; json parse error: ${jsonProblem(text)}`, code};
  return {object: parsed};
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const headType =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** What is no JSON is read as YAML, and so is a string. */
function jsonProblem(text: string): string {
  const parsed = parse(text);
  const kind = parsed === undefined ? 'string' : jsonKind(parsed);
  return `json: cannot unmarshal ${kind} into Go value of type ${headType}`;
}
