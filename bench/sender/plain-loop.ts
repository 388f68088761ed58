import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import { Pool } from 'undici';
import { v4 as createUuid } from 'uuid';
import { drawReadings } from '../load/readings.ts';

interface Task {
  library: 'axios' | 'undici' | 'node:http';
  port: number;
  connections: number;
  seconds: number;
  warmUpSeconds: number;
}

type Post = (reading: object) => Promise<unknown>;

/** Posts as one would write it with each library. */
function createPost({ library, port, connections }: Task): Post {
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/predict`;
  const headers = { 'content-type': 'application/json' };
  if (library === 'undici') {
    const pool = new Pool(origin, { connections });
    const options = { path: '/predict', method: 'POST', headers } as const;
    return async (reading) => (await pool.request({ ...options, body: JSON.stringify(reading) })).body.json();
  }
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  if (library === 'axios') {
    const client = axios.create({ httpAgent: agent, timeout: 10_000 });
    return (reading) => client.post(url, reading);
  }
  return (reading) =>
    new Promise((resolve, reject) => {
      const sending = request(url, { agent, method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      });
      sending.once('error', reject).end(JSON.stringify(reading));
    });
}

/** Each connection posts the next reading when the last is answered; prints the figures as one line of JSON. */
async function run(task: Task): Promise<void> {
  const readings = drawReadings(4096);
  const post = createPost(task);
  let latencies: number[] = [];
  let next = 0;
  async function loop(): Promise<never> {
    for (;;) {
      const reading = { ...readings[next++ % readings.length], id: createUuid(), sensor_id: 'bench' };
      const begin = performance.now();
      await post(reading);
      latencies.push(performance.now() - begin);
    }
  }
  const running = Promise.race(Array.from({ length: task.connections }, loop));
  await Promise.race([running, delay(task.warmUpSeconds * 1000)]);
  latencies = [];
  const [begin, cpuBefore] = [performance.now(), process.cpuUsage()];
  await Promise.race([running, delay(task.seconds * 1000)]);
  const seconds = (performance.now() - begin) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const sorted = Float64Array.from(latencies).sort();
  const atShare = (share: number) => sorted[Math.floor(sorted.length * share)];
  const figures = {
    per_second: sorted.length / seconds,
    cpu_us: (cpu.user + cpu.system) / sorted.length,
    p50_ms: atShare(0.5),
    p99_ms: atShare(0.99),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}

await run(JSON.parse(process.argv[2] ?? ''));
