import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Bench } from '../bench.ts';
import { root } from '../database.ts';
import { drawReadings } from '../load/readings.ts';

export const fileRows = 10_000;
let runs = 0;

const summarySchema = z.object({
  accepted: z.int(),
  lost: z.int(),
  rows_per_second: z.number(),
  latency_ms: z.object({ p50: z.number(), p90: z.number(), p99: z.number() }),
});
export type SenderSummary = z.infer<typeof summarySchema>;

export interface Sender {
  pid: number;
  /** Resolves with the summary once the process has ended. @throws where a row was lost */
  ended: Promise<SenderSummary>;
  /** Asks it to end. */
  stop: () => void;
}

function provideFile(bench: Bench): string {
  const file = join(bench.folder, 'readings.csv');
  if (existsSync(file)) return file;
  const rows = drawReadings(fileRows).map((reading) => Object.values(reading).join(','));
  writeFileSync(file, ['temperature,humidity,sound_volume', ...rows, ''].join('\n'));
  return file;
}

/** The sender as a user runs it, in a closed model. */
export function runSender(bench: Bench, port: number, flags: readonly string[]): Sender {
  const command = [
    ...[join(root, 'services/sender/main.ts'), '--json', '--mode', 'copy', '--file', provideFile(bench)],
    ...[
      '--api-url',
      `http://127.0.0.1:${port}`,
      '--rate',
      '0',
      '--sensor-id',
      'bench',
      '--backfill',
      '0',
      '--replay',
      `bench-${process.pid}-${runs++}`,
    ],
    ...flags,
  ];
  const child = execFile(process.execPath, command, { cwd: bench.folder });
  bench.defer(() => child.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  async function end(): Promise<SenderSummary> {
    await once(child, 'close');
    const summary = summarySchema.safeParse(output.startsWith('{') ? JSON.parse(output) : undefined);
    if (!summary.success) throw new Error(`the sender failed: ${errors}${output.slice(0, 500)}`);
    if (summary.data.lost > 0) throw new Error(`the sender lost ${summary.data.lost} rows: ${errors}`);
    return summary.data;
  }
  const ended = end();
  ended.catch(() => undefined); // seen where it is awaited
  return { pid: child.pid ?? 0, ended, stop: () => void child.kill('SIGTERM') };
}
