import { createHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import { drawBodies } from './readings.ts';

/** Single readings over some connections: port, number of connections, seconds, features (0: the default type). Prints the figures as JSON. */
const [port, inFlight = 1, seconds = 1, width = 0] = process.argv.slice(2).map(Number);
const warmUpSeconds = 1;
const request = {
  path: '/predict',
  method: 'POST',
  headers: { 'content-type': 'application/json' },
} as const;

const bodies = drawBodies(4096, width);
const latencies = createHistogram();
let isOver = false;
let sent = 0;
let answers = 0;

/** Sends a reading, and the next one when it is answered. A failure ends the process. */
function send(client: Client): void {
  const begin = process.hrtime.bigint();
  const body = bodies[sent++ % bodies.length] ?? '';
  client.dispatch(
    { ...request, body },
    {
      onRequestStart() {},
      onResponseStart(_, status) {
        if (status !== 200) throw new Error(`answered ${status}`);
      },
      onResponseData() {},
      onResponseEnd() {
        answers++;
        latencies.record(process.hrtime.bigint() - begin);
        if (!isOver) send(client);
      },
      onResponseError(_, error) {
        console.error(error);
        process.exit(1);
      },
    },
  );
}

const clients = Array.from({ length: inFlight }, () => new Client(`http://127.0.0.1:${port}`));
for (const client of clients) send(client);
await delay(warmUpSeconds * 1000);
latencies.reset();
await delay(seconds * 1000);
const figures = {
  per_second: latencies.count / seconds,
  p50_ms: latencies.percentile(50) / 1e6,
  p99_ms: latencies.percentile(99) / 1e6,
};
isOver = true;
await Promise.all(clients.map((client) => client.close()));
console.log(JSON.stringify({ ...figures, answers }));
