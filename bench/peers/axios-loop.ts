import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import { v4 as createUuid } from 'uuid';
import { drawReadings } from '../load/readings.ts';

/** A sender as one would write it with axios: each connection posts the next reading when the last is answered. */
const [port, connections = 1, warmUpSeconds = 1, seconds = 1] = process.argv.slice(2).map(Number);
const client = axios.create({
  httpAgent: new Agent({ keepAlive: true, maxSockets: connections }),
  timeout: 10_000,
});
const readings = drawReadings(4096);
let next = 0;
let answers = 0;

async function loop(): Promise<never> {
  for (;;) {
    const reading = { ...readings[next++ % readings.length], id: createUuid(), sensor_id: 'bench' };
    await client.post(`http://127.0.0.1:${port}/predict`, reading);
    answers++;
  }
}

const running = Promise.race(Array.from({ length: connections }, loop));
await Promise.race([running, delay(warmUpSeconds * 1000)]);
const [before, cpuBefore] = [answers, process.cpuUsage()];
await Promise.race([running, delay(seconds * 1000)]);
const answered = answers - before;
const cpu = process.cpuUsage(cpuBefore);
const figures = { per_second: answered / seconds, cpu_us: (cpu.user + cpu.system) / answered };
process.stdout.write(JSON.stringify(figures), () => process.exit(0));
