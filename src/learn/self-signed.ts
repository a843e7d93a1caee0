import {generateKeyPairSync, randomBytes, sign} from 'node:crypto';

export type Certificate = {readonly certificate: string; readonly key: string};

const day = 86_400_000;

/** A certificate for one host, signed by its own fresh key, valid for a year; both as PEM. */
export function selfSigned(host: string, now: Date): Certificate {
  const pair = generateKeyPairSync('ec', {namedCurve: 'P-256'});
  const signature = sequence(oid('2a8648ce3d040302')); // ecdsa-with-SHA256
  const name = sequence(set(sequence(oid('550403'), tagged(0x0c, Buffer.from(host))))); // CN
  const alternatives = sequence(tagged(0x82, Buffer.from(host)));
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signature,
    name,
    sequence(time(new Date(now.getTime() - day)), time(new Date(now.getTime() + 365 * day))),
    name,
    pair.publicKey.export({format: 'der', type: 'spki'}),
    tagged(0xa3, sequence(sequence(oid('551d11'), tagged(0x04, alternatives)))), // subjectAltName
  );
  const signed = sign('sha256', body, pair.privateKey);
  const whole = sequence(body, signature, tagged(0x03, Buffer.from([0]), signed));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: pair.privateKey.export({format: 'pem', type: 'pkcs8'}).toString(),
  };
}

/** A value of DER: tag, length, contents. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const contents = Buffer.concat(parts);
  const {length} = contents;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), contents]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => tagged(0x31, ...parts);
const integer = (value: Buffer): Buffer => tagged(0x02, value);
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));

/** UTCTime: `261123140000Z`, right until 2049. */
const time = (at: Date): Buffer =>
  tagged(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  );
