import { createConnection, type Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

export interface Answer {
  status: number;
  latencyUs: number;
}

interface ConnectionOptions {
  port: number;
  nextRequest: () => Buffer;
  onAnswer: (answer: Answer) => void;
  /** A connection that ended while an answer was owed. */
  onBreak: (reason: string) => void;
}

interface Head {
  status: number;
  length: number;
  closes: boolean;
}

function readHead(received: Buffer): Head | undefined {
  const end = received.indexOf(headEnd);
  if (end < 0) return undefined;
  const text = received.toString('latin1', 0, end).toLowerCase();
  const contentLength = /\r\ncontent-length: *(\d+)/.exec(text)?.[1];
  if (contentLength === undefined) throw new Error(`an answer without Content-Length: ${text}`);
  return {
    status: Number(text.slice(9, 12)),
    length: end + headEnd.length + Number(contentLength),
    closes: text.startsWith('http/1.0') || text.includes('\r\nconnection: close'),
  };
}

/**
 * One request after the other on one connection, never two at once; a new connection where the server closes the old
 * one, which then belongs to the latency.
 */
export function openConnection({ port, nextRequest, onAnswer, onBreak }: ConnectionOptions): () => void {
  let socket: Socket;
  let received: Buffer = Buffer.alloc(0);
  let sentAt = 0;
  let stopped = false;

  function send(): void {
    sentAt = performance.now();
    socket.write(nextRequest());
  }

  function take(chunk: Buffer): void {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const head = readHead(received);
    if (!head || received.length < head.length) return;
    received = Buffer.alloc(0);
    onAnswer({ status: head.status, latencyUs: (performance.now() - sentAt) * 1000 });
    if (stopped) socket.destroy();
    else if (head.closes) open();
    else send();
  }

  function open(): void {
    const previous: Socket | undefined = socket;
    previous?.removeAllListeners().on('error', () => undefined);
    previous?.destroy();
    received = Buffer.alloc(0);
    const fresh = createConnection({ port, host: '127.0.0.1', noDelay: true });
    socket = fresh;
    fresh.on('data', take);
    fresh.once('error', (error) => onBreak(error.message));
    fresh.once('close', () => {
      if (stopped) return;
      onBreak('closed');
      setTimeout(open, 10);
    });
    send();
  }

  open();
  return () => {
    stopped = true;
  };
}
