import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { predictionSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { drawBodies } from './random-readings.ts';

const taskSchema = z.object({
  port: z.int(),
  seconds: z.number().positive(),
  warmUpSeconds: z.number().nonnegative(),
});

const newline = 10;
const linesPerChunk = 500;
const chunks = 16;

function makeChunks(): Buffer[] {
  const bodies = drawBodies(linesPerChunk * chunks);
  return Array.from({ length: chunks }, (_, chunk) =>
    Buffer.from(`${bodies.slice(chunk * linesPerChunk, (chunk + 1) * linesPerChunk).join('\n')}\n`),
  );
}

function open(port: number): { sending: ClientRequest; answer: Promise<IncomingMessage> } {
  const headers = { 'Content-Type': 'application/x-ndjson' };
  const sending = request({ port, host: '127.0.0.1', path: '/predict', method: 'POST', headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve).on('error', reject);
  });
  return { sending, answer };
}

/** Counts answers as they arrive, and keeps what came first. */
function countLines(response: IncomingMessage): { lines: number; first: string } {
  const counted = { lines: 0, first: '' };
  response.on('data', (chunk: Buffer) => {
    if (counted.lines === 0) counted.first += chunk.toString();
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) counted.lines++;
  });
  return counted;
}

/** Sends as fast as the server takes it, until it is told to stop; the number of readings sent. */
async function send(sending: ClientRequest, stopped: AbortSignal): Promise<number> {
  const chunked = makeChunks();
  let sent = 0;
  while (!stopped.aborted) {
    for (const chunk of chunked) {
      if (stopped.aborted) break;
      sent += linesPerChunk;
      if (!sending.write(chunk)) await once(sending, 'drain', { signal: stopped }).catch(() => undefined);
    }
  }
  sending.end();
  return sent;
}

/** One NDJSON stream, answered while it is sent; how many readings were answered per second. */
async function run({ port, seconds, warmUpSeconds }: z.infer<typeof taskSchema>): Promise<unknown> {
  const { sending, answer } = open(port);
  const stop = new AbortController();
  const sent = send(sending, stop.signal);
  const response = await answer;
  if (response.statusCode !== 200) return { absent: `status ${response.statusCode}` };
  const counted = countLines(response);
  const ended = once(response, 'end');
  await delay(warmUpSeconds * 1000);
  const before = { at: performance.now(), lines: counted.lines };
  await delay(seconds * 1000);
  const perSecond = (counted.lines - before.lines) / ((performance.now() - before.at) / 1000);
  stop.abort();
  await ended;
  const first = predictionSchema.safeParse(JSON.parse(counted.first.split('\n')[0] ?? ''));
  if (!first.success) return { absent: `an answer that is no prediction: ${counted.first.slice(0, 200)}` };
  return { per_second: perSecond, sent: await sent, answers: counted.lines };
}

const figures = await run(taskSchema.parse(JSON.parse(process.argv[2] ?? ''))).catch((error: Error) => ({
  absent: error.message,
}));
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
