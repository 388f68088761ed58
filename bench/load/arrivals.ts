import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { maxBatchLength } from '@sensor-sentinel/contracts';
import type { Bench } from '../bench.ts';
import { drawReadings } from './readings.ts';

interface Task {
  port: number;
  perSecond: number;
  sensorIds: readonly string[];
}

interface Arrived {
  answered: number;
  failed: number;
  /** Not sent, because the API fell behind. */
  left_out: number;
  per_second: number;
}

const intervalMs = 100;
const maxInFlight = 20;

/** Readings that arrive from a process of its own; stopping it resolves with what came of them. */
export function startArrivals(bench: Bench, task: Task): { stop: () => Promise<Arrived> } {
  const child = execFile(process.execPath, [import.meta.filename, JSON.stringify(task)]);
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const closed = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    await closed;
    return JSON.parse(printed) as Arrived; // as printed below
  };
  bench.defer(stop);
  return { stop };
}

/** Sends arrays at an even rate until SIGTERM, then prints the counts. */
function run({ port, perSecond, sensorIds }: Task): void {
  const readings = drawReadings(5000);
  const counts = { answered: 0, failed: 0, left_out: 0 };
  const begin = performance.now();
  const secondsSoFar = () => (performance.now() - begin) / 1000;
  let [due, inFlight] = [0, 0];

  async function post(first: number, length: number): Promise<void> {
    const batch = Array.from({ length }, (_, index) => {
      const place = first + index;
      return { ...readings[place % readings.length], sensor_id: sensorIds[place % sensorIds.length] };
    });
    const headers = { 'Content-Type': 'application/json' };
    inFlight++;
    try {
      const options = { method: 'POST', headers, body: JSON.stringify(batch) };
      const response = await fetch(`http://127.0.0.1:${port}/predict`, options);
      await response.arrayBuffer();
      counts[response.ok ? 'answered' : 'failed'] += length;
    } catch {
      counts.failed += length;
    }
    inFlight--;
  }

  setInterval(() => {
    const first = due;
    due = Math.round(secondsSoFar() * perSecond);
    const length = Math.min(due - first, maxBatchLength);
    if (length === 0) return;
    if (inFlight < maxInFlight) void post(first, length);
    else counts.left_out += length;
  }, intervalMs);
  process.once('SIGTERM', () => {
    const arrived = { ...counts, per_second: counts.answered / secondsSoFar() };
    process.stdout.write(`${JSON.stringify(arrived)}\n`, () => process.exit(0));
  });
}

if (import.meta.main) run(JSON.parse(process.argv[2] ?? ''));
