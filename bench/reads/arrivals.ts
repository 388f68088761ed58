import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';

const script = join(import.meta.dirname, '../load/arrivals.ts');

const countsSchema = z.object({
  answered: z.int(),
  failed: z.int(),
  left_out: z.int(),
  seconds: z.number(),
});
export type Arrived = z.infer<typeof countsSchema>;

interface ArrivalsTask {
  port: number;
  perSecond: number;
  sensorIds: readonly string[];
}

/** Readings that arrive while questions are asked, from a process of its own; stopping tells what came of them. */
export function startArrivals(task: ArrivalsTask): { stop: () => Promise<Arrived> } {
  let settle: (counts: Promise<Arrived>) => void = () => undefined;
  const counts = new Promise<Arrived>((resolve) => {
    settle = resolve;
  });
  const child = execFile(process.execPath, [script, JSON.stringify(task)], (error, stdout) => {
    if (error) settle(Promise.reject(error));
    else settle(Promise.resolve().then(() => countsSchema.parse(JSON.parse(stdout))));
  });
  counts.catch(() => undefined);
  return {
    stop() {
      child.kill('SIGTERM');
      return counts;
    },
  };
}
