import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { HttpServer } from '../system/http-server.ts';
import { runToAnswer } from '../system/run-to-answer.ts';

/** Until the optimizing compiler has seen all of it. */
export const warmUpSeconds = 4;
const wrkPath = '/usr/bin/wrk';
const wrkScript = join(import.meta.dirname, 'post-readings.lua');

const percentilesShape = {
  per_second: z.number(),
  p50_ms: z.number(),
  p90_ms: z.number(),
  p99_ms: z.number(),
};
const singlesSchema = z.object({ ...percentilesShape, cpu_us_per_reading: z.number() });
/** `cpu_us_per_reading` is processor time of who sends: what other work on the machine disturbs least. */
export type Singles = z.infer<typeof singlesSchema>;

const rowsSchema = z.object({
  per_second: z.number(),
  cpu_us_per_row: z.number(),
  resident_mib: z.object({ half: z.number(), end: z.number(), max: z.number() }),
  sender_limit: z.string().nullable(),
});
export type Rows = z.infer<typeof rowsSchema>;

const wrkSchema = z.object({ ...percentilesShape, faults: z.int() });
export type Wrk = z.infer<typeof wrkSchema>;

export const contenderNames = ['ours', 'axios', 'undici', 'node_http'] as const;
export type ContenderName = (typeof contenderNames)[number];

interface Turn {
  contender: ContenderName;
  connections: number;
  seconds: number;
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

/** @throws Error where an answer was no success */
export async function measureWrk({ port }: HttpServer, turn: Omit<Turn, 'contender'>): Promise<Wrk> {
  const { connections, seconds } = turn;
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', wrkScript];
  const { stdout } = await promisify(execFile)(wrkPath, [...flags, `http://127.0.0.1:${port}/`]);
  const figures = wrkSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  if (figures.faults > 0) throw new Error(`wrk counted ${figures.faults} faults`);
  return figures;
}
