import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LeaseAnswer } from '@sensor-sentinel/contracts';
import { fileRows } from '../sender.ts';

/**
 * Answers the sender in the documented format, without a model or a database, and any `GET` like `/readyz`, with the number
 * of readings so far. It searches an NDJSON line for its id only, so that it does not limit the sender.
 */
const rest =
  '"sensor_id":"bench","timestamp":"2026-01-01T00:00:00.000Z","prediction":0,"score":0.043,"model":"echo"';
const replayId = randomUUID();
let count = 0;

function answerReading(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    count++;
    const reading: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const body = `{"id":"${Reflect.get(Object(reading), 'id')}",${rest}}`;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
}

async function answerLines(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let unfinished = '';
  let index = 0;
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  for await (const text of request.setEncoding('latin1')) {
    const lines = `${unfinished}${text}`.split('\n');
    unfinished = lines.pop() ?? '';
    count += lines.length;
    const answers = lines.map((line) => {
      const from = line.indexOf('"id":"') + 6;
      return `{"index":${index++},"id":"${line.slice(from, from + 36)}",${rest}}\n`;
    });
    if (!response.write(answers.join(''))) await once(response, 'drain');
  }
  response.end();
}

/** Loops of the file that were leased, by the name of the replay, which has one sender. */
const leasedLoops = new Map<string, number>();
const leaseMs = 60_000;

/** Leases the whole file, loop after loop. */
function lease(name: string, loops: number): LeaseAnswer {
  const loop = leasedLoops.get(name) ?? 0;
  leasedLoops.set(name, loop + 1);
  const isFinished = loops > 0 && loop >= loops;
  const whole = { loop, first_row: 0, rows: fileRows, done_rows: 0, expires_in_ms: leaseMs };
  return {
    replay_id: replayId,
    id_scheme: 8,
    loops,
    started_at: new Date().toISOString(),
    active_senders: 1,
    retry_after_ms: 0,
    state: isFinished ? 'finished' : 'leased',
    lease: isFinished ? null : { id: randomUUID(), ...whole },
  };
}

async function answerReplay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , name = '', action] = (request.url ?? '').split('/');
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
  const answer = action === 'lease' ? lease(name, body.loops) : { expires_in_ms: leaseMs, active_senders: 1 };
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
}

createServer((request, response) => {
  // As an API that has only the default sensor type.
  if (request.url === '/types') response.writeHead(404).end();
  else if (request.method === 'GET')
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ status: 'ok', count }));
  else if (request.url?.startsWith('/replays/')) void answerReplay(request, response);
  else if (request.headers['content-type'] === 'application/x-ndjson') void answerLines(request, response);
  else answerReading(request, response);
}).listen(Number(process.argv[2]), '127.0.0.1');
