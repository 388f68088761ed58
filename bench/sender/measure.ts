import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { HttpServer } from '../system/http-server.ts';
import { runToAnswer } from '../system/run-to-answer.ts';
import { countAll, percentile, undoCorrection } from './wrk-latencies.ts';

/** Until the optimizing compiler has seen all of it. */
export const warmUpSeconds = 4;
const wrkPath = '/usr/bin/wrk';
const wrkScript = join(import.meta.dirname, 'post-readings.lua');

export const percentileNames = ['p50_ms', 'p90_ms', 'p99_ms'] as const;
const percentilesShape = { p50_ms: z.number(), p90_ms: z.number(), p99_ms: z.number() };
const singlesSchema = z.object({
  ...percentilesShape,
  /** For coordinated omission, as wrk does. */
  corrected: z.object(percentilesShape),
  per_second: z.number(),
  cpu_us_per_reading: z.number(),
});
/** `cpu_us_per_reading` is processor time of who sends: what other work on the machine disturbs least. */
export type Singles = z.infer<typeof singlesSchema>;

const rowsSchema = z.object({
  per_second: z.number(),
  cpu_us_per_row: z.number(),
  resident_mib: z.object({ half: z.number(), end: z.number(), max: z.number() }),
  sender_limit: z.string().nullable(),
});
export type Rows = z.infer<typeof rowsSchema>;

const wrkSchema = z.object({
  requests: z.int().nonnegative(),
  duration_us: z.int().positive(),
  ...{ p50_us: z.int(), p90_us: z.int(), p99_us: z.int() },
  faults: z.int(),
  counts: z.array(z.tuple([z.int(), z.int()])),
});
/** `corrected` is what wrk prints; the other percentiles are of what it measured. */
export type Wrk = Pick<Singles, 'per_second' | 'corrected' | (typeof percentileNames)[number]>;

export const contenderNames = ['ours', 'axios', 'undici', 'node_http'] as const;
export type ContenderName = (typeof contenderNames)[number];

interface Turn {
  contender: ContenderName;
  connections: number;
  seconds: number;
  /** Unix time; after a warm-up where it is missing. */
  beginsAtMs?: number;
}

export async function measureSingles({ port }: HttpServer, turn: Turn): Promise<Singles> {
  const task = { ...turn, port, warmUpSeconds };
  return singlesSchema.parse(await runToAnswer(join(import.meta.dirname, 'single-readings.ts'), task));
}

export async function measureRows({ port }: HttpServer, rows: number): Promise<Rows> {
  const task = { port, rows, batch: 1000, connections: 4 };
  return rowsSchema.parse(await runToAnswer(join(import.meta.dirname, 'ndjson-rows.ts'), task));
}

export function findWrk(): boolean {
  return existsSync(wrkPath);
}

/** @throws Error where an answer was no success, or wrk's own additions cannot be told from what it measured */
export async function measureWrk(
  { port }: HttpServer,
  turn: Pick<Turn, 'connections' | 'seconds'>,
): Promise<Wrk> {
  const { connections, seconds } = turn;
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', wrkScript];
  const command = [...flags, `http://127.0.0.1:${port}/`];
  const { stdout } = await promisify(execFile)(wrkPath, command, { maxBuffer: 1 << 26 });
  const figures = wrkSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  const { requests, duration_us, p50_us, p90_us, p99_us, faults, counts } = figures;
  if (faults > 0) throw new Error(`wrk counted ${faults} faults`);
  if (requests < connections)
    throw new Error(`wrk got ${requests} answers in ${seconds} s: too busy a machine`);
  const expected = Math.floor(duration_us / Math.floor(requests / connections));
  const measured = undoCorrection(new Map(counts), expected);
  const left = countAll(measured);
  if (left !== requests) throw new Error(`wrk counts ${requests} answers, but its latencies are of ${left}`);
  return {
    per_second: (requests / duration_us) * 1e6,
    p50_ms: percentile(measured, 50) / 1000,
    p90_ms: percentile(measured, 90) / 1000,
    p99_ms: percentile(measured, 99) / 1000,
    corrected: { p50_ms: p50_us / 1000, p90_ms: p90_us / 1000, p99_ms: p99_us / 1000 },
  };
}
