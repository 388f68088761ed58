import { join } from 'node:path';
import { z } from 'zod';
import type { HttpServer } from '../system/http-server.ts';
import { runToAnswer } from '../system/run-to-answer.ts';

const load = join(import.meta.dirname, '../load');
const rawInsert = join(import.meta.dirname, '../peers/raw-insert.ts');

const warmUpSeconds = 1;

const singlesSchema = z.object({
  per_second: z.number(),
  p50_us: z.number(),
  p99_us: z.number(),
  answers: z.int(),
  faults: z.record(z.string(), z.number()),
  load_cpu: z.number(),
});
/** Of one turn of single readings; `answers` counts those of the warm-up too, `load_cpu` is cores of the generator. */
export type Singles = z.infer<typeof singlesSchema>;

const streamSchema = z.union([
  z.object({ per_second: z.number(), sent: z.int(), answers: z.int() }),
  z.object({ absent: z.string() }),
]);
export type Stream = z.infer<typeof streamSchema>;

interface Turn {
  seconds: number;
  inFlight: number;
}

/** Single readings over keep-alive connections; each connection sends the next when its answer is there. */
export async function measureSingles({ port }: HttpServer, turn: Turn): Promise<Singles> {
  const task = { port, warmUpSeconds, ...turn };
  return singlesSchema.parse(await runToAnswer(join(load, 'single-readings.ts'), task));
}

export async function measureStream({ port }: HttpServer, seconds: number): Promise<Stream> {
  const task = { port, warmUpSeconds, seconds };
  return streamSchema.parse(await runToAnswer(join(load, 'ndjson-stream.ts'), task));
}

/** Rows per second. */
export async function measureRawInsert(databaseUrl: string, seconds: number): Promise<number> {
  const answer = await runToAnswer(rawInsert, { databaseUrl, seconds });
  return z.object({ per_second: z.number() }).parse(answer).per_second;
}
