import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Answer, AnswerFault, readAnswers } from './answers.ts';
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

async function send(socket: Socket, { bytes, delivery, index }: FuzzRequest): Promise<void> {
  if (delivery === 'cut') return write(socket, bytes.subarray(0, index % Math.max(bytes.length, 1)));
  const length = delivery === 'sliced' ? Math.ceil(bytes.length / slices) : bytes.length;
  for (let start = 0; start < bytes.length && !socket.destroyed; start += length)
    await write(socket, bytes.subarray(start, start + length)); // once the slice before was taken
  if (delivery === 'half-closed') socket.end();
}

/** Resolves once all requests are answered, the connection is closed, or what arrives is not HTTP. */
function receive(socket: Socket, { methods, delivery }: FuzzRequest): Promise<Delivered> {
  let [received, error]: [Buffer, Error | undefined] = [Buffer.alloc(0), undefined];
  function read(isClosed: boolean): Delivered | undefined {
    try {
      const { answers, isInside, isStream } = readAnswers(received, methods, isClosed);
      const isAnswered = methods.length > 0 && answers.length >= methods.length && !isInside;
      if (isAnswered || isStream) return { answers, fault: undefined };
      if (!isClosed) return undefined;
      // An API may take a client that has closed its side for one that has left.
      if (delivery === 'half-closed') return { answers, fault: undefined };
      const reason = error === undefined ? '' : `: ${error.message}`;
      const missing = methods.length - answers.length;
      const silence =
        missing > 0 ? `${missing} of ${methods.length} requests not answered${reason}` : undefined;
      return { answers, fault: isInside ? `the connection was closed inside an answer${reason}` : silence };
    } catch (fault) {
      if (!(fault instanceof AnswerFault)) throw fault;
      return { answers: [], fault: fault.message };
    }
  }
  return new Promise((resolve) => {
    const settle = (isClosed: boolean) => {
      const delivered = read(isClosed);
      if (delivered) resolve(delivered);
    };
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      settle(false);
    });
    socket.on('error', (cause) => {
      error = cause;
    });
    for (const event of ['end', 'close']) socket.once(event, () => settle(true));
  });
}

/** Sends a request on a connection of its own. */
export async function deliver(port: number, request: FuzzRequest): Promise<Delivered> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const stuck = setTimeout(() => socket.destroy(new Error('stuck')), stuckMs);
  const received = receive(socket, request);
  const sent = once(socket, 'connect').then(() => send(socket, request));
  await Promise.race([sent.catch(() => undefined), received]);
  const isLeft = request.delivery === 'left' || request.delivery === 'cut';
  const delivered = isLeft ? { answers: [], fault: undefined } : await received;
  clearTimeout(stuck);
  socket.resetAndDestroy(); // so that no port waits for the last packets of thousands of connections
  return delivered;
}
