import { maxBatchLength } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { drawBodies } from './random-readings.ts';

const taskSchema = z.object({
  port: z.int(),
  perSecond: z.int().positive(),
  sensorIds: z.array(z.string()).min(1),
});

const intervalMs = 100;
const bodies = 5000;
/** Where the API does not follow, what is due is left out and counted, rather than piled up. */
const maxInFlight = 20;

const { port, perSecond, sensorIds } = taskSchema.parse(JSON.parse(process.argv[2] ?? ''));
const readings = drawBodies(bodies).map((body) => JSON.parse(body) as Record<string, number>); // as drawn above
const counts = { answered: 0, failed: 0, left_out: 0 };
const begin = performance.now();
let due = 0;
let inFlight = 0;

function secondsSoFar(): number {
  return (performance.now() - begin) / 1000;
}

function takeBatch(first: number, length: number): unknown[] {
  return Array.from({ length }, (_, index) => {
    const place = first + index;
    return { ...readings[place % bodies], sensor_id: sensorIds[place % sensorIds.length] };
  });
}

async function post(batch: readonly unknown[]): Promise<void> {
  inFlight++;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(batch),
    });
    await response.arrayBuffer();
    counts[response.ok ? 'answered' : 'failed'] += batch.length;
  } catch {
    counts.failed += batch.length;
  } finally {
    inFlight--;
  }
}

/** Readings at an even rate until SIGTERM; then prints what came of them as one line of JSON. */
setInterval(() => {
  const first = due;
  due = Math.round(secondsSoFar() * perSecond);
  const length = Math.min(due - first, maxBatchLength);
  if (length === 0) return;
  if (inFlight < maxInFlight) void post(takeBatch(first, length));
  else counts.left_out += length;
}, intervalMs);
process.once('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ ...counts, seconds: secondsSoFar() })}\n`, () => process.exit(0));
});
