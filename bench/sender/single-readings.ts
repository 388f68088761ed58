import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock as clock } from '@sensor-sentinel/sender/clock.ts';
import { createLatencies } from '@sensor-sentinel/sender/load/latencies.ts';
import { createMeasures } from '@sensor-sentinel/sender/load/measures.ts';
import type { Outgoing, Settled } from '@sensor-sentinel/sender/load/outgoing.ts';
import { createPredictClient } from '@sensor-sentinel/sender/load/predict-client.ts';
import { runLoad } from '@sensor-sentinel/sender/load/run-load.ts';
import axios from 'axios';
import { Pool } from 'undici';
import { v4 as createUuid } from 'uuid';
import { z } from 'zod';
import { drawBodies } from '../load/random-readings.ts';

const taskSchema = z.object({
  contender: z.enum(['ours', 'axios', 'undici', 'node_http']),
  port: z.int(),
  connections: z.int().positive(),
  seconds: z.number().positive(),
  warmUpSeconds: z.number().nonnegative(),
  /** Unix time at which measuring begins, to do so together with others; after the warm-up where it is missing. */
  beginsAtMs: z.int().optional(),
});
type Histogram = ReturnType<typeof createLatencies>['histogram'];
type Task = z.infer<typeof taskSchema>;

const readings = drawBodies(4096).map((body) => JSON.parse(body) as Features); // as drawn above
type Features = { temperature: number; humidity: number; sound_volume: number };

function toReading(index: number): Outgoing['reading'] {
  const features = readings[index % readings.length] as Features; // within bounds by the remainder
  return { ...features, id: createUuid(), sensor_id: 'bench' };
}

type Post = (reading: Outgoing['reading']) => Promise<unknown>;

/** The loops that one would write. */
function createPost({ contender, port, connections }: Task): Post {
  const url = `http://127.0.0.1:${port}/predict`;
  if (contender === 'undici') {
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
    const headers = { 'content-type': 'application/json' };
    return async (reading) => {
      const { body } = await pool.request({
        path: '/predict',
        method: 'POST',
        headers,
        body: JSON.stringify(reading),
      });
      return body.json();
    };
  }
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  if (contender === 'axios') {
    const client = axios.create({ httpAgent: agent, timeout: 10_000 });
    return (reading) => client.post(url, reading);
  }
  return (reading) =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json' };
      const sending = request(url, { agent, method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      });
      sending.once('error', reject).end(JSON.stringify(reading));
    });
}

/** Each connection posts the next when the last is answered; the latencies of the measured part. */
async function loop(
  task: Task,
  measured: { latencies: ReturnType<typeof createLatencies> },
  stop: AbortSignal,
) {
  const post = createPost(task);
  let next = 0;
  async function connection() {
    while (!stop.aborted) {
      const reading = toReading(next++);
      const begin = performance.now();
      await post(reading);
      measured.latencies.record(performance.now() - begin);
    }
  }
  await Promise.all(Array.from({ length: task.connections }, connection));
}

/** The sender as it is, its own measures and checks included. */
async function send(
  task: Task,
  measured: { latencies: ReturnType<typeof createLatencies> },
  stop: AbortSignal,
) {
  const { port, connections } = task;
  const { signal: abort } = new AbortController();
  const apiUrl = `http://127.0.0.1:${port}`;
  const client = createPredictClient({ apiUrl, timeoutMs: 10_000, connections, clock, abort });
  const measures = createMeasures({ clock });
  measures.observe({
    onAnswer: ({ latency }) => measured.latencies.record(latency * 1000),
    onStart: () => undefined,
  });
  async function* rows(): AsyncGenerator<Outgoing> {
    for (let line = 0; ; line += 1) yield { line, reading: toReading(line) };
  }
  const onSettled = ({ outcome }: Settled) => {
    if (outcome !== 'accepted') throw new Error(`a reading was ${outcome}`);
  };
  await runLoad(rows(), onSettled, {
    client,
    requests: { concurrency: connections, batch: 1, format: 'json', late: 'wait', maxLagMs: 1000 },
    measures,
    clock,
    random: () => Math.random(),
    onRetry: () => undefined,
    stop,
    abort,
  });
}

function toPercentiles(histogram: Histogram): Record<'p50_ms' | 'p90_ms' | 'p99_ms', number> {
  const at = (percent: number) => histogram.getValueAtPercentile(percent) / 1000;
  return { p50_ms: at(50), p90_ms: at(90), p99_ms: at(99) };
}

/** Single readings in a closed model for a while; prints what came of it as one line of JSON. */
async function run(task: Task): Promise<void> {
  const stop = new AbortController();
  const measured = { latencies: createLatencies() };
  const running = (task.contender === 'ours' ? send : loop)(task, measured, stop.signal);
  const warmUpMs = task.beginsAtMs === undefined ? task.warmUpSeconds * 1000 : task.beginsAtMs - Date.now();
  if (warmUpMs < 0) throw new Error(`started ${-warmUpMs} ms after measuring was to begin`);
  await Promise.race([running, delay(warmUpMs)]);
  measured.latencies = createLatencies();
  const [begin, cpuBefore] = [performance.now(), process.cpuUsage()];
  await Promise.race([running, delay(task.seconds * 1000)]);
  const seconds = (performance.now() - begin) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const answers = measured.latencies.count();
  const measuredUs = measured.latencies.histogram;
  // The mean time per request of a connection, as wrk reckons it.
  const expectedUs = Math.floor((seconds * 1e6) / Math.max(1, Math.floor(answers / task.connections)));
  stop.abort();
  await running;
  const figures = {
    per_second: answers / seconds,
    cpu_us_per_reading: (cpu.user + cpu.system) / answers,
    ...toPercentiles(measuredUs),
    corrected: toPercentiles(measuredUs.copyCorrectedForCoordinatedOmission(expectedUs)),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}

await run(taskSchema.parse(JSON.parse(process.argv[2] ?? '')));
