import {createHash} from 'node:crypto';
import type {IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** A client sends keystrokes and small files; more than this in one frame is no terminal. */
const longest = 1024 * 1024;

export type WebSocket = {
  send(data: Buffer): void;
  close(code?: number): void;
};

type Listener = {readonly onMessage: (data: Buffer) => void; readonly onClose: () => void};

/** The protocols that a client offers, first choice first. */
export const offered = (request: IncomingMessage): readonly string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());

export const isWebSocket = (request: IncomingMessage): boolean =>
  request.headers.upgrade?.toLowerCase() === 'websocket' &&
  typeof request.headers['sec-websocket-key'] === 'string';

/** Answers the handshake of RFC 6455 and reads frames from then on. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  protocol: string,
  listener: Listener,
): WebSocket {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${guid}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  let waiting: Buffer = Buffer.alloc(0);
  let message: Buffer[] = [];
  let isClosed = false;
  const frame = (opcode: number, data: Buffer): void => {
    if (socket.writable) socket.write(Buffer.concat([header(opcode, data.length), data]));
  };
  const close = (code = 1000): void => {
    if (isClosed) return;
    isClosed = true;
    const reason = Buffer.alloc(2);
    reason.writeUInt16BE(code);
    frame(0x8, reason);
    socket.end();
    listener.onClose();
  };
  const take = (data: Buffer): void => {
    waiting = Buffer.concat([waiting, data]);
    for (let next = read(waiting); next && !isClosed; next = read(waiting)) {
      if (next === 'bad') {
        close(1002);
        return;
      }
      waiting = waiting.subarray(next.size);
      if (next.opcode === 0x8) close();
      else if (next.opcode === 0x9) frame(0xa, next.data);
      else if (next.opcode <= 0x2) {
        message.push(next.data);
        if (next.isLast) {
          const whole = Buffer.concat(message);
          message = [];
          listener.onMessage(whole);
        }
      }
    }
  };
  socket.on('data', take);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (isClosed) return;
    isClosed = true;
    listener.onClose();
  });
  if (head.length > 0) take(head);
  return {send: (data) => frame(0x2, data), close};
}

function header(opcode: number, length: number): Buffer {
  const wide = length > 65_535 ? 10 : length > 125 ? 4 : 2;
  const bytes = Buffer.alloc(wide);
  bytes[0] = 0x80 | opcode;
  bytes[1] = wide === 2 ? length : wide === 4 ? 126 : 127;
  if (wide === 4) bytes.writeUInt16BE(length, 2);
  else if (wide === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}

type Frame = {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly data: Buffer;
  readonly size: number;
};

/** The first whole frame; undefined while more has to come. */
function read(bytes: Buffer): Frame | 'bad' | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  // Clients must mask what they send.
  if ((second & 0x80) === 0 || (first & 0x70) !== 0) return 'bad';
  if (bytes.length < start + 4) return undefined;
  const length =
    start === 10 ? Number(bytes.readBigUInt64BE(2)) : start === 4 ? bytes.readUInt16BE(2) : short;
  if (length > longest) return 'bad';
  const size = start + 4 + length;
  if (bytes.length < size) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const data = Buffer.from(bytes.subarray(start + 4, size));
  for (let index = 0; index < data.length; index += 1) data[index]! ^= mask[index % 4]!;
  return {opcode: first & 0x0f, isLast: (first & 0x80) !== 0, data, size};
}
