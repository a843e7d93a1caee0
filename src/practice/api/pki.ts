import {createPrivateKey, createPublicKey, randomBytes, webcrypto, X509Certificate} from 'node:crypto';
import {existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {installReflectMetadata} from './reflect-metadata.ts';

/** The keys of one practice cluster, PEM. */
export type Keys = {
  readonly ca: string;
  readonly caKey: string;
  readonly certificate: string;
  readonly key: string;
  readonly adminToken: string;
  /** Signs ServiceAccount tokens. */
  readonly accountKey: string;
};

const day = 86_400_000;

/** Reads the keys of a state directory; makes them when there are none, or when the certificate ends soon. */
export async function loadKeys(directory: string): Promise<Keys> {
  const path = join(directory, 'keys.json');
  if (existsSync(path)) {
    const keys = JSON.parse(readFileSync(path, 'utf8')) as Keys;
    if (Date.parse(new X509Certificate(keys.certificate).validTo) > Date.now() + 7 * day) return keys;
  }
  const keys = await makeKeys();
  writePrivate(path, JSON.stringify(keys, null, 2));
  return keys;
}

/** Writes a file that only its owner can read, whole or not at all. */
export function writePrivate(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, text, {mode: 0o600});
  renameSync(temporary, path);
}

/** The X.509 library: only a cluster's first start and the signing of requests need it. */
export async function loadX509() {
  installReflectMetadata();
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto);
  return x509;
}

async function makeKeys(): Promise<Keys> {
  const x509 = await loadX509();
  const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const;
  const pair = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [caPair, serverPair, accountPair] = await Promise.all([pair(), pair(), pair()]);
  const notBefore = new Date(Date.now() - day);
  const notAfter = new Date(Date.now() + 3650 * day);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString('hex'),
    name: 'CN=kubekata-practice-ca',
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: caPair,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomBytes(8).toString('hex'),
    subject: 'CN=kubekata-practice',
    issuer: ca.subject,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: serverPair.publicKey,
    signingKey: caPair.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        {type: 'ip', value: '127.0.0.1'},
        {type: 'dns', value: 'localhost'},
        {type: 'dns', value: 'kubernetes.default.svc'},
      ]),
    ],
  });
  const pem = async (key: webcrypto.CryptoKey): Promise<string> =>
    createPrivateKey({
      key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)),
      format: 'der',
      type: 'pkcs8',
    })
      .export({format: 'pem', type: 'pkcs8'})
      .toString();
  return {
    ca: ca.toString('pem'),
    caKey: await pem(caPair.privateKey),
    certificate: certificate.toString('pem'),
    key: await pem(serverPair.privateKey),
    adminToken: randomBytes(32).toString('base64url'),
    accountKey: await pem(accountPair.privateKey),
  };
}

export const publicKeyOf = (privateKey: string): string =>
  createPublicKey(privateKey).export({format: 'pem', type: 'spki'}).toString();
