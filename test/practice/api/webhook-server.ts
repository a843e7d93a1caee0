import {webcrypto} from 'node:crypto';
import type {IncomingHttpHeaders, ServerResponse} from 'node:http';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {asObject, type JsonObject} from '../../../src/engine/json.ts';
import {loadX509} from '../../../src/practice/api/pki.ts';

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;

export type Certificates = {
  /** PEM of the authority. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
};

const pemOf = (label: string, der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

/** An authority, and a server's certificate for these names. */
export async function makeCertificates(
  names: readonly {readonly type: 'dns' | 'ip'; readonly value: string}[],
  issuer = 'CN=webhook-authority',
  days = 1,
): Promise<Certificates> {
  const x509 = await loadX509();
  const keys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [own, server] = await Promise.all([keys(), keys()]);
  const day = 86_400_000;
  const notBefore = new Date(Date.now() - 3 * day);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: issuer,
    notBefore,
    notAfter: new Date(Date.now() + day),
    signingAlgorithm: algorithm,
    keys: own,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: 'CN=webhook',
    issuer: authority.subject,
    notBefore,
    notAfter: new Date(Date.now() + days * day),
    signingAlgorithm: algorithm,
    publicKey: server.publicKey,
    signingKey: own.privateKey,
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension([...names])] : []),
    ],
  });
  return {
    authority: `${authority.toString('pem')}\n`,
    certificate: `${certificate.toString('pem')}\n`,
    key: pemOf('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', server.privateKey)),
  };
}

export type Asked = {readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: JsonObject};

export type WebhookServer = {
  readonly port: number;
  /** All requests, in order. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
};

/** Answers a request: with an object as JSON, or by itself. */
export type Answering = (asked: Asked, response: ServerResponse) => JsonObject | undefined;

/** A program that answers at 127.0.0.1, by TLS. */
export async function serveWebhooks(
  {certificate, key}: Certificates,
  answering: Answering,
): Promise<WebhookServer> {
  const asked: Asked[] = [];
  const server = createServer({cert: certificate, key}, (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(text) as JsonObject,
      };
      asked.push(one);
      const answer = answering(one, response);
      if (answer === undefined) return;
      response.writeHead(200, {'content-type': 'application/json'});
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The answer to an AdmissionReview. */
export const reviewed = (review: JsonObject, response: JsonObject): JsonObject => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: {uid: asObject(review.request).uid ?? '', ...response},
});

export const patchOf = (...operations: readonly JsonObject[]): JsonObject => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
