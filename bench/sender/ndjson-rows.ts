import { systemClock as clock } from '@sensor-sentinel/sender/clock.ts';
import { createMeasures } from '@sensor-sentinel/sender/load/measures.ts';
import type { Outgoing } from '@sensor-sentinel/sender/load/outgoing.ts';
import { createPredictClient } from '@sensor-sentinel/sender/load/predict-client.ts';
import { runLoad } from '@sensor-sentinel/sender/load/run-load.ts';
import { z } from 'zod';
import { drawBodies } from '../load/random-readings.ts';

const taskSchema = z.object({
  port: z.int(),
  rows: z.int().positive(),
  batch: z.int().positive(),
  connections: z.int().positive(),
});

const bodies = 4096;
type Features = { temperature: number; humidity: number; sound_volume: number };

const { port, rows: total, batch, connections } = taskSchema.parse(JSON.parse(process.argv[2] ?? ''));
const readings = drawBodies(bodies).map((body) => JSON.parse(body) as Features); // as drawn above
const resident: number[] = [];

/** In memory after each tenth of the rows. */
function sampleMemory(line: number): void {
  if (line % Math.ceil(total / 10) === 0) resident.push(process.memoryUsage.rss() / 2 ** 20);
}

async function* rows(): AsyncGenerator<Outgoing> {
  for (let line = 1; line <= total; line += 1) {
    sampleMemory(line);
    const features = readings[line % bodies] as Features; // within bounds by the remainder
    const id = `00000000-0000-4000-8000-${line.toString(16).padStart(12, '0')}`;
    yield { line, reading: { ...features, id, sensor_id: 'bench' } };
  }
}

/** Rows in NDJSON requests, as fast as they are answered; prints what came of it as one line of JSON. */
async function run(): Promise<void> {
  const apiUrl = `http://127.0.0.1:${port}`;
  const { signal } = new AbortController();
  const client = createPredictClient({ apiUrl, timeoutMs: 10_000, connections, clock, abort: signal });
  const measures = createMeasures({ clock });
  const cpuBefore = process.cpuUsage();
  await runLoad(rows(), () => undefined, {
    client,
    requests: { concurrency: connections, batch, format: 'ndjson', late: 'wait', maxLagMs: 1000 },
    measures,
    clock,
    random: () => Math.random(),
    onRetry: () => undefined,
    stop: signal,
    abort: signal,
  });
  const cpu = process.cpuUsage(cpuBefore);
  const { accepted, rows_per_second, sender_limit } = measures.report();
  if (accepted !== total) throw new Error(`${accepted} of ${total} rows were accepted`);
  const figures = {
    per_second: rows_per_second,
    cpu_us_per_row: (cpu.user + cpu.system) / total,
    resident_mib: { half: resident[4], end: resident[9], max: Math.max(...resident) },
    sender_limit,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}

await run();
