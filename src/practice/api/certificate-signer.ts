import {createPrivateKey, randomBytes, webcrypto} from 'node:crypto';
import {asArray, asObject, asString} from '../../engine/json.ts';
import {eventually} from './admission/asks.ts';
import {copy, ensure} from './draft.ts';
import type {Stored} from './machine.ts';
import {timestamp} from './names.ts';
import type {Keys} from './pki.ts';
import {loadX509} from './pki.ts';
import type {ApiServer} from './server.ts';

const resource = 'certificatesigningrequests.certificates.k8s.io';
/** What kube-controller-manager signs, and whether only for nodes. */
const signers: Readonly<Record<string, 'client' | 'node client' | 'node server'>> = {
  'kubernetes.io/kube-apiserver-client': 'client',
  'kubernetes.io/kube-apiserver-client-kubelet': 'node client',
  'kubernetes.io/kubelet-serving': 'node server',
};
const year = 365 * 86_400;
const minute = 60;

const has = (request: Stored, type: string): boolean =>
  asArray(asObject(request.status).conditions).some(
    (item) => asObject(item).type === type && asObject(item).status === 'True',
  );

/** Signs approved requests for client certificates, as kube-controller-manager does. Returns the function that ends it. */
export function signCertificates(server: ApiServer, keys: Keys, onLog: (line: string) => void): () => void {
  const busy = new Set<string>();
  const look = (request: Stored): void => {
    const name = asString(request.metadata.name);
    const spec = asObject(request.spec);
    const done =
      asString(asObject(request.status).certificate) !== '' ||
      has(request, 'Failed') ||
      has(request, 'Denied');
    const signer = signers[asString(spec.signerName)];
    if (!signer || done || !has(request, 'Approved') || busy.has(name)) return;
    busy.add(name);
    const seconds = Math.max(10 * minute, Math.min(Number(spec.expirationSeconds ?? year), year));
    sign(keys, asString(spec.request), seconds, signer)
      .then(
        (certificate) => write(server, name, request, {certificate}),
        (error: unknown) =>
          write(server, name, request, {problem: error instanceof Error ? error.message : String(error)}),
      )
      .catch((error: unknown) => onLog(`the certificate ${name} was not written: ${String(error)}`))
      .finally(() => busy.delete(name));
  };
  for (const request of server.list(resource)) look(request);
  return server.subscribe(({resource: changed, type, object}) => {
    if (changed === resource && type !== 'DELETED') look(object);
  });
}

function write(
  server: ApiServer,
  name: string,
  request: Stored,
  result: {certificate: string} | {problem: string},
): void {
  const current = server.get(resource, '', name);
  if (!current || current.metadata.uid !== request.metadata.uid) return;
  const draft = copy(current);
  const status = ensure(draft, 'status');
  if ('certificate' in result) status.certificate = result.certificate;
  else
    status.conditions = [
      ...(Array.isArray(status.conditions) ? status.conditions : []),
      {
        type: 'Failed',
        status: 'True',
        reason: 'SignerValidationFailure',
        message: result.problem,
        lastUpdateTime: timestamp(),
        lastTransitionTime: timestamp(),
      },
    ];
  eventually(() => server.updateStatus(resource, draft as Stored));
}

/** A client certificate for the subject of a request. @throws {Error} when the request is none, or not signed by its key. */
async function sign(
  keys: Keys,
  request: string,
  seconds: number,
  signer: (typeof signers)[string],
): Promise<string> {
  const x509 = await loadX509();
  const text = Buffer.from(request, 'base64').toString('utf8');
  const asked = new x509.Pkcs10CertificateRequest(text);
  if (!(await asked.verify())) throw new Error('the signature of the request is not that of its key');
  const names = asked.extensions.find((one) => one.type === subjectAlternativeName);
  if (signer !== 'client') {
    const problem = nodeProblem(asked.subjectName, names !== undefined, signer === 'node server');
    if (problem !== undefined) throw new Error(problem);
  }
  const der = createPrivateKey(keys.caKey).export({format: 'der', type: 'pkcs8'});
  const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  const authority = new x509.X509Certificate(keys.ca);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomBytes(15).toString('hex'),
    subject: asked.subjectName.toJSON(),
    issuer: authority.subject,
    notBefore: new Date(Date.now() - 5 * minute * 1000),
    notAfter: new Date(Date.now() + seconds * 1000),
    signingAlgorithm: algorithm,
    publicKey: asked.publicKey,
    signingKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        signer === 'node server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(names ? [names] : []),
    ],
  });
  return Buffer.from(`${certificate.toString('pem').trim()}\n`).toString('base64');
}

const subjectAlternativeName = '2.5.29.17';

/** Why a request is none of a kubelet's, as the signer words it. */
function nodeProblem(
  subject: {getField(name: string): readonly string[]},
  hasNames: boolean,
  isServer: boolean,
): string | undefined {
  if (subject.getField('O').join() !== 'system:nodes') return 'subject organization is not system:nodes';
  if (isServer && !hasNames) return 'at least one DNS name or IP address is required';
  if (!isServer && hasNames) return 'dns subject alternative names are not allowed';
  const [name = ''] = subject.getField('CN');
  return name.startsWith('system:node:')
    ? undefined
    : "subject common name does not begin with 'system:node:'";
}
