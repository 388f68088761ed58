import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LeaseAnswer } from '@sensor-sentinel/contracts';
import { fileRows } from './run-sender.ts';

/**
 * Answers the sender in the documented format, without a model or a database, and any `GET` like `/readyz`, with the number
 * of readings so far. It searches an NDJSON line for its id only, so that it does not limit the sender.
 */
const rest =
  '"sensor_id":"bench","timestamp":"2026-01-01T00:00:00.000Z","prediction":0,"score":0.043,"model":"echo"';
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

function answerLines(request: IncomingMessage, response: ServerResponse): void {
  let unfinished = '';
  let index = 0;
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    count += lines.length;
    const answers = lines.map((line) => {
      const from = line.indexOf('"id":"') + 6;
      return `{"index":${index++},"id":"${line.slice(from, from + 36)}",${rest}}\n`;
    });
    if (response.write(answers.join(''))) return;
    request.pause();
    response.once('drain', () => request.resume());
  });
  request.on('end', () => response.end());
}

interface Replay {
  replay_id: string;
  loop: number;
  first_row: number;
}
const replays = new Map<string, Replay>();
const leaseMs = 60_000;

/** Leases the rows of the file one chunk after the other to the only sender of a replay. */
function lease(name: string, { loops, rows }: { loops: number; rows: number }): LeaseAnswer {
  const replay = replays.get(name) ?? { replay_id: randomUUID(), loop: 0, first_row: 0 };
  replays.set(name, replay);
  const { replay_id, loop, first_row } = replay;
  const isFinished = loops > 0 && loop >= loops;
  const leased = Math.min(rows, fileRows - first_row);
  const isLoopOver = first_row + leased === fileRows;
  Object.assign(replay, isLoopOver ? { loop: loop + 1, first_row: 0 } : { first_row: first_row + leased });
  return {
    ...{ replay_id, loops, started_at: new Date().toISOString(), active_senders: 1, retry_after_ms: 0 },
    state: isFinished ? 'finished' : 'leased',
    lease: isFinished
      ? null
      : { id: randomUUID(), loop, first_row, rows: leased, done_rows: 0, expires_in_ms: leaseMs },
  };
}

async function answerReplay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , name = '', action] = (request.url ?? '').split('/');
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
  const answer = action === 'lease' ? lease(name, body) : { expires_in_ms: leaseMs, active_senders: 1 };
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
}

createServer((request, response) => {
  if (request.method === 'GET')
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ status: 'ok', count }));
  else if (request.url?.startsWith('/replays/')) void answerReplay(request, response);
  else if (request.headers['content-type'] === 'application/x-ndjson') answerLines(request, response);
  else answerReading(request, response);
}).listen(Number(process.argv[2]), '127.0.0.1');
