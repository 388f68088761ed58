import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { drawBodies } from './readings.ts';

interface Task {
  port: number;
  seconds: number;
  warmUpSeconds: number;
}

const linesPerChunk = 500;
const chunkCount = 16;
const bodies = drawBodies(linesPerChunk * chunkCount);
const chunks = Array.from({ length: chunkCount }, (_, chunk) =>
  Buffer.from(`${bodies.slice(chunk * linesPerChunk, (chunk + 1) * linesPerChunk).join('\n')}\n`),
);

/** One NDJSON stream, as fast as the API takes it; prints how many readings were answered as one line of JSON. */
async function run({ port, seconds, warmUpSeconds }: Task): Promise<void> {
  const headers = { 'Content-Type': 'application/x-ndjson' };
  const sending = request({ port, host: '127.0.0.1', path: '/predict', method: 'POST', headers });
  const stop = new AbortController();
  async function send(): Promise<void> {
    for (let next = 0; !stop.signal.aborted; next++) {
      const isTaken = sending.write(chunks[next % chunkCount]);
      if (!isTaken) await once(sending, 'drain', { signal: stop.signal }).catch(() => undefined);
    }
    sending.end();
  }
  const sent = send();
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the stream was answered ${response.statusCode}`);
  let [answers, faults] = [0, 0];
  response.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) answers++;
    if (chunk.includes('"errors"') || chunk.includes('"problem"')) faults++;
  });
  const ended = once(response, 'end');
  await delay(warmUpSeconds * 1000);
  const [begin, before] = [performance.now(), answers];
  await delay(seconds * 1000);
  const perSecond = (answers - before) / ((performance.now() - begin) / 1000);
  stop.abort();
  await Promise.all([sent, ended]);
  if (faults > 0) throw new Error('a line was answered with an error');
  const figures = { per_second: perSecond, answers };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}

await run(JSON.parse(process.argv[2] ?? ''));
