import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as sendHttp } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { FuzzRequest } from './request.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Of a stream of events, which has no end, empty. */
  body: string;
}

export interface Delivered {
  /** Of the first request. */
  answer: Answer | undefined;
  /** What of the answers is not HTTP, or that there is none. */
  fault: string | undefined;
}

/** Against a hanging API; no answer takes nearly so long. */
const stuckMs = 60_000;
const slices = 5;

async function send(socket: Socket, { bytes, delivery, index }: FuzzRequest): Promise<void> {
  const end = delivery === 'cut' ? index % Math.max(bytes.length, 1) : bytes.length;
  const length = delivery === 'sliced' ? Math.ceil(end / slices) : end;
  const isClosed = () => socket.destroyed || socket.readableEnded;
  // The API may answer and close before it has read everything. A write to a closed connection could lose the answer.
  for (let start = 0; start < end && !isClosed(); start += length) {
    const slice = bytes.subarray(start, Math.min(end, start + length));
    await new Promise((resolve) => socket.write(slice, resolve)); // once the slice before was taken
    if (delivery === 'sliced') await setImmediate(); // what has arrived is read before the next slice is sent
  }
  if (delivery === 'half-closed') socket.end();
}

/** Reads an answer by Node's own parser: its HTTP client gets what the socket receives, and what it sends is dropped. */
async function readAnswer(socket: Socket, { method }: FuzzRequest): Promise<Answer> {
  const received = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  socket.on('data', (bytes) => received.push(bytes));
  socket.once('end', () => received.push(null));
  socket.once('close', () => received.push(null));
  socket.once('error', (error) => received.destroy(error));
  const client = sendHttp({
    method: method === 'HEAD' ? 'HEAD' : 'GET',
    createConnection: () => received,
    signal: AbortSignal.timeout(stuckMs),
  });
  client.on('error', () => undefined); // also after the answer, of a client that reuses no connection
  client.end();
  const [answer]: IncomingMessage[] = await once(client, 'response');
  if (answer === undefined) throw new Error('no answer');
  const { statusCode: status = 0, headers } = answer;
  const isStream = headers['content-type']?.startsWith('text/event-stream') ?? false;
  const bytes = isStream ? Buffer.of() : Buffer.concat(await answer.toArray());
  // An answer to HEAD has the encoding of a body that it does not have.
  const isCompressed = headers['content-encoding'] === 'gzip' && bytes.length > 0;
  const body = isCompressed ? gunzipSync(bytes) : bytes;
  return { status, headers, body: body.toString() };
}

/** Resolves with the statuses of all answers to requests that were sent at once. */
async function readStatuses(socket: Socket, count: number): Promise<number[]> {
  let text = '';
  for await (const bytes of socket) {
    text += bytes.toString('latin1');
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
    if (statuses.length >= count) return statuses;
  }
  throw new Error(`the connection was closed before ${count} answers: ${text.slice(0, 300)}`);
}

/** Sends a request on a connection of its own. */
export async function deliver(port: number, request: FuzzRequest): Promise<Delivered> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  socket.on('error', () => undefined);
  const sent = once(socket, 'connect').then(() => send(socket, request));
  sent.catch(() => undefined); // seen by what is read
  try {
    if (request.answers > 1) {
      const failed = (await readStatuses(socket, request.answers)).find((status) => status >= 500);
      return { answer: undefined, fault: failed === undefined ? undefined : `${failed} to one of several` };
    }
    const answer = readAnswer(socket, request);
    answer.catch(() => undefined);
    if (request.delivery === 'left' || request.delivery === 'cut') {
      await Promise.race([sent, answer]);
      return { answer: undefined, fault: undefined };
    }
    return { answer: await answer, fault: undefined };
  } catch (error) {
    // The API may take a client that has closed its side, or sends garbage, for one that has left. Node drops an answer that
    // arrives just before a write to the closed connection fails.
    const isLost = request.delivery === 'sliced' && error instanceof Error && error.message.includes('EPIPE');
    const isTolerated = isLost || (request.delivery !== 'whole' && request.delivery !== 'sliced');
    return { answer: undefined, fault: isTolerated ? undefined : String(error) };
  } finally {
    socket.resetAndDestroy(); // so that no port waits for the last packets of thousands of connections
  }
}
