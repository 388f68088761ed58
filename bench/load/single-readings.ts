import { z } from 'zod';
import { openConnection } from './connection.ts';
import { drawBodies } from './random-readings.ts';

const taskSchema = z.object({
  port: z.int(),
  inFlight: z.int().positive(),
  seconds: z.number().positive(),
  warmUpSeconds: z.number().nonnegative(),
});

const bodies = 4096;

function toRequest(body: string): Buffer {
  const head = [
    'POST /predict HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Readings one by one over `inFlight` connections for a while; prints what came of it as one line of JSON. */
function run(task: z.infer<typeof taskSchema>): void {
  const requests = drawBodies(bodies).map(toRequest);
  const latencies: number[] = [];
  const faults = new Map<string, number>();
  let next = 0;
  let answers = 0;
  let isMeasuring = task.warmUpSeconds === 0;

  const count = (fault: string) => {
    faults.set(fault, (faults.get(fault) ?? 0) + 1);
  };
  const stops = Array.from({ length: task.inFlight }, () =>
    openConnection({
      port: task.port,
      nextRequest: () => requests[next++ % bodies] as Buffer, // within bounds by the remainder
      onAnswer({ status, latencyUs }) {
        if (status !== 200) return count(`status ${status}`);
        answers++;
        if (isMeasuring) latencies.push(latencyUs);
      },
      onBreak: count,
    }),
  );

  let begin = performance.now();
  let cpuBefore = process.cpuUsage();
  setTimeout(() => {
    isMeasuring = true;
    begin = performance.now();
    cpuBefore = process.cpuUsage();
  }, task.warmUpSeconds * 1000);
  setTimeout(
    () => {
      isMeasuring = false;
      const elapsed = (performance.now() - begin) / 1000;
      const cpu = process.cpuUsage(cpuBefore);
      for (const stop of stops) stop();
      const report = () => {
        const sorted = Float64Array.from(latencies).sort();
        const figures = {
          per_second: latencies.length / elapsed,
          p50_us: percentile(sorted, 0.5),
          p99_us: percentile(sorted, 0.99),
          answers,
          faults: Object.fromEntries(faults),
          load_cpu: (cpu.user + cpu.system) / 1e6 / elapsed,
        };
        process.stdout.write(`${JSON.stringify(figures)}\n`);
        process.exit(0);
      };
      setTimeout(report, 1000); // what is in flight is answered
    },
    (task.warmUpSeconds + task.seconds) * 1000,
  );
}

run(taskSchema.parse(JSON.parse(process.argv[2] ?? '')));
