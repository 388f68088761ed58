import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Answer, AnswerParser } from './answer-parser.ts';
import type { FuzzRequest } from './draw-request.ts';

export interface Delivered {
  answers: readonly Answer[];
  /** What of the answer is not HTTP, or that there is none. */
  fault: string | undefined;
}

/** Against a hanging API; no answer takes nearly so long. */
const stuckMs = 60_000;
const slices = 5;

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  await new Promise((resolve) => socket.write(bytes, resolve));
}

/** Sends in several writes, each after the one before was taken. */
async function writeSliced(socket: Socket, bytes: Buffer): Promise<void> {
  const length = Math.ceil(bytes.length / slices);
  for (let start = 0; start < bytes.length && !socket.destroyed; start += length)
    await write(socket, bytes.subarray(start, start + length));
}

async function send(socket: Socket, { bytes, delivery, index }: FuzzRequest): Promise<void> {
  if (delivery === 'cut') return write(socket, bytes.subarray(0, index % Math.max(bytes.length, 1)));
  if (delivery === 'sliced') return writeSliced(socket, bytes);
  await write(socket, bytes);
  if (delivery === 'half-closed') socket.end();
}

/** Sends a request on a connection of its own; resolves once it is answered, or the connection is closed. */
export async function deliver(port: number, request: FuzzRequest): Promise<Delivered> {
  const { methods, delivery } = request;
  const parser = new AnswerParser(methods);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const stuck = setTimeout(() => socket.destroy(new Error('stuck')), stuckMs);
  let error: Error | undefined;
  const settled = new Promise<void>((resolve) => {
    const onBytes = (bytes: Buffer) => {
      parser.push(bytes);
      const isAnswered = methods.length > 0 && parser.answers.length >= methods.length && !parser.isInside();
      // A stream has no end.
      if (isAnswered || parser.stream() || parser.fault !== undefined) resolve();
    };
    socket.on('data', onBytes);
    socket.on('error', (cause) => {
      error = cause;
    });
    const onClosed = () => {
      parser.close();
      resolve();
    };
    socket.once('end', onClosed);
    socket.once('close', onClosed);
  });
  await Promise.race([
    once(socket, 'connect')
      .then(() => send(socket, request))
      .catch(() => undefined),
    settled,
  ]);
  const isLeft = delivery === 'left' || delivery === 'cut';
  if (!isLeft) await settled;
  clearTimeout(stuck);
  socket.resetAndDestroy(); // so that no port waits for the last packets of thousands of connections
  if (isLeft) return { answers: [], fault: undefined };
  const stream = parser.stream();
  const answers = stream ? [...parser.answers, stream] : parser.answers;
  return { answers, fault: parser.fault ?? toSilence() };

  /** Undefined where every request got a whole answer, or need not have. */
  function toSilence(): string | undefined {
    // An API may take a client that has closed its side for one that has left.
    if (delivery === 'half-closed' || stream) return undefined;
    const reason = error === undefined ? '' : `: ${error.message}`;
    if (parser.isInside()) return `the connection was closed inside an answer${reason}`;
    const missing = methods.length - answers.length;
    return missing > 0 ? `${missing} of ${methods.length} requests not answered${reason}` : undefined;
  }
}
