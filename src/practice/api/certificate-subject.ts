export type CertificateSubject = {readonly commonName: string; readonly organizations: readonly string[]};

type Element = {readonly tag: number; readonly body: Buffer; readonly next: number};

/** One element of DER; undefined where the bytes hold none. */
function elementAt(bytes: Buffer, start: number): Element | undefined {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 4) return undefined;
  const from = start + 2 + more;
  const length =
    more === 0 ? first : bytes.subarray(start + 2, from).reduce((sum, byte) => sum * 256 + byte, 0);
  if (from + length > bytes.length) return undefined;
  return {tag, body: bytes.subarray(from, from + length), next: from + length};
}

function elementsOf(bytes: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (!element) break;
    found.push(element);
    at = element.next;
  }
  return found;
}

const commonName = '550403';
const organization = '55040a';

/** Whom a certificate is asked for, by a PKCS #10 request in PEM; undefined for what is none. */
export function subjectOfRequest(base64: string): CertificateSubject | undefined {
  const pem = Buffer.from(base64, 'base64').toString('latin1');
  const [, text] =
    /-----BEGIN CERTIFICATE REQUEST-----\s([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(pem) ?? [];
  if (text === undefined) return undefined;
  const request = elementAt(Buffer.from(text, 'base64'), 0);
  const [info] = request ? elementsOf(request.body) : [];
  const [, name] = info ? elementsOf(info.body) : [];
  if (!name) return undefined;
  const values = (wanted: string): readonly string[] =>
    elementsOf(name.body)
      .flatMap((set) => elementsOf(set.body))
      .map((pair) => elementsOf(pair.body))
      .filter(([type]) => type?.body.toString('hex') === wanted)
      .map(([, value]) => value?.body.toString('utf8') ?? '');
  return {commonName: values(commonName).at(-1) ?? '', organizations: values(organization)};
}
