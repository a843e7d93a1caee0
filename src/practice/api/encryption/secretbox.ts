/**
 * XSalsa20 and Poly1305 as NaCl's secretbox combines them: what the provider `secretbox` of the API server writes.
 * node:crypto has neither of the two.
 */

const sigma = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

function rounds(input: Uint32Array): Uint32Array {
  const x = Uint32Array.from(input);
  const quarter = (a: number, b: number, c: number, d: number): void => {
    x[b]! ^= rotate((x[a]! + x[d]!) | 0, 7);
    x[c]! ^= rotate((x[b]! + x[a]!) | 0, 9);
    x[d]! ^= rotate((x[c]! + x[b]!) | 0, 13);
    x[a]! ^= rotate((x[d]! + x[c]!) | 0, 18);
  };
  for (let round = 0; round < 10; round += 1) {
    quarter(0, 4, 8, 12);
    quarter(5, 9, 13, 1);
    quarter(10, 14, 2, 6);
    quarter(15, 3, 7, 11);
    quarter(0, 1, 2, 3);
    quarter(5, 6, 7, 4);
    quarter(10, 11, 8, 9);
    quarter(15, 12, 13, 14);
  }
  return x;
}

const wordsOf = (bytes: Uint8Array): Uint32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({length: bytes.length / 4}, (_, index) => view.getUint32(index * 4, true));
};

const bytesOf = (words: Uint32Array): Uint8Array => {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word, true);
  return bytes;
};

/** The state of Salsa20: constants on the diagonal, the key in two halves, 16 bytes of nonce and counter. */
const stateOf = (key: Uint32Array, input: Uint32Array): Uint32Array =>
  Uint32Array.of(
    sigma[0],
    ...key.subarray(0, 4),
    sigma[1],
    ...input,
    sigma[2],
    ...key.subarray(4, 8),
    sigma[3],
  );

/** `length` bytes of XSalsa20 for a key of 32 and a nonce of 24 bytes. */
function keyStream(key: Uint8Array, nonce: Uint8Array, length: number): Uint8Array {
  const derived = rounds(stateOf(wordsOf(key), wordsOf(nonce.subarray(0, 16))));
  const subKey = Uint32Array.from([0, 5, 10, 15, 6, 7, 8, 9], (at) => derived[at]!);
  const rest = wordsOf(nonce.subarray(16));
  const stream = new Uint8Array(Math.ceil(length / 64) * 64);
  for (let block = 0; block * 64 < length; block += 1) {
    const state = stateOf(subKey, Uint32Array.of(...rest, block, 0));
    const mixed = rounds(state).map((word, index) => word + state[index]!);
    stream.set(bytesOf(mixed), block * 64);
  }
  return stream.subarray(0, length);
}

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function poly1305(message: Uint8Array, key: Uint8Array): Uint8Array {
  const prime = (1n << 130n) - 5n;
  const r = numberOf(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    sum = ((sum + numberOf(block) + (1n << BigInt(block.length * 8))) * r) % prime;
  }
  const tag = (sum + numberOf(key.subarray(16, 32))) & ((1n << 128n) - 1n);
  return Uint8Array.from({length: 16}, (_, index) => Number((tag >> BigInt(index * 8)) & 0xffn));
}

/** Tag and ciphertext, as NaCl orders them. @param key 32 bytes @param nonce 24 bytes, never used twice with a key */
export function seal(plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  const stream = keyStream(key, nonce, 32 + plain.length);
  const cipher = plain.map((byte, index) => byte ^ stream[32 + index]!);
  return Uint8Array.of(...poly1305(cipher, stream), ...cipher);
}

/** What was sealed; undefined where key or content are not those of `seal`. */
export function open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const cipher = box.subarray(16);
  const stream = keyStream(key, nonce, 32 + cipher.length);
  const tag = poly1305(cipher, stream);
  if (box.length < 16 || tag.some((byte, index) => byte !== box[index])) return undefined;
  return cipher.map((byte, index) => byte ^ stream[32 + index]!);
}
