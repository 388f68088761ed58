import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { drawBodies } from './readings.ts';

interface Task {
  port: number;
  inFlight: number;
  seconds: number;
  warmUpSeconds: number;
}

interface Exchange {
  port: number;
  nextRequest: () => Buffer;
  onAnswer: (status: number, latencyUs: number) => void;
  /** A connection ended before its answer. */
  onBreak: (reason: string) => void;
}

/** Sends one request after the other, each when the last is answered; the returned function ends that. */
function exchange({ port, nextRequest, onAnswer, onBreak }: Exchange): () => void {
  let isStopped = false;
  let sentAt = 0;
  let received: Buffer = Buffer.alloc(0);

  function send(socket: Socket): void {
    received = Buffer.alloc(0);
    sentAt = performance.now();
    socket.write(nextRequest());
  }

  function open(): void {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    let isAnswered = false;
    socket.on('error', (error) => onBreak(error.message));
    socket.on('close', () => {
      if (isStopped) return;
      if (!isAnswered) onBreak('closed');
      setTimeout(open, isAnswered ? 0 : 10);
    });
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const head = readHead(received);
      if (!head || received.length < head.length) return;
      onAnswer(head.status, (performance.now() - sentAt) * 1000);
      isAnswered = head.isLast;
      if (isStopped || head.isLast) socket.destroy();
      else send(socket);
    });
    send(socket);
  }

  open();
  return () => {
    isStopped = true;
  };
}

function readHead(received: Buffer): { status: number; length: number; isLast: boolean } | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const text = received.toString('latin1', 0, end).toLowerCase();
  const bodyLength = /\r\ncontent-length: *(\d+)/.exec(text)?.[1];
  if (bodyLength === undefined) throw new Error(`an answer without Content-Length: ${text}`);
  const isLast = text.startsWith('http/1.0') || text.includes('\r\nconnection: close');
  return { status: Number(text.slice(9, 12)), length: end + 4 + Number(bodyLength), isLast };
}

function toRequest(body: string): Buffer {
  const head = `POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  return Buffer.from(`${head}\r\n\r\n${body}`);
}

/** Readings one by one over `inFlight` connections; prints the figures as one line of JSON. */
async function run({ port, inFlight, seconds, warmUpSeconds }: Task): Promise<void> {
  const requests = drawBodies(4096).map(toRequest);
  let latencies: number[] = [];
  const faults: Record<string, number> = {};
  let [next, answers] = [0, 0];
  const countFault = (fault: string) => {
    faults[fault] = (faults[fault] ?? 0) + 1;
  };
  const stops = Array.from({ length: inFlight }, () =>
    exchange({
      port,
      nextRequest: () => requests[next++ % requests.length] as Buffer, // within bounds by the remainder
      onAnswer(status, latencyUs) {
        if (status !== 200) return countFault(`status ${status}`);
        answers++;
        latencies.push(latencyUs);
      },
      onBreak: countFault,
    }),
  );
  await delay(warmUpSeconds * 1000);
  latencies = [];
  const [begin, cpuBefore] = [performance.now(), process.cpuUsage()];
  await delay(seconds * 1000);
  const elapsed = (performance.now() - begin) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const sorted = Float64Array.from(latencies).sort();
  for (const stop of stops) stop();
  await delay(1000); // for what is in flight
  const atShare = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN) / 1000;
  const figures = {
    per_second: sorted.length / elapsed,
    p50_ms: atShare(0.5),
    p99_ms: atShare(0.99),
    answers,
  };
  const load_cpu = (cpu.user + cpu.system) / 1e6 / elapsed;
  process.stdout.write(`${JSON.stringify({ ...figures, load_cpu, faults })}\n`, () => process.exit(0));
}

await run(JSON.parse(process.argv[2] ?? ''));
