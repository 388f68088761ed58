import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Bench, Flags } from '../bench.ts';
import { createDatabase, provideServer } from '../database.ts';
import {
  type Figures,
  formatTable,
  medianOf,
  medianRatio,
  percent,
  type Round,
  runRounds,
} from '../rounds.ts';
import { type HttpServer, startApi } from '../servers.ts';
import { runSender } from './run-sender.ts';
import { countAll, percentile, undoCorrection } from './wrk-latencies.ts';

const wrkPath = '/usr/bin/wrk';
const tasksetPath = '/usr/bin/taskset';
const connectionCounts = [2, 4, 6, 8, 12, 16];
const limitConnections = 64;
/** Beside the measured seconds, so that the start of the sender is a small part of its summary. */
const warmUpSeconds = 8;
const maxDifference = 0.2;

const wrkSchema = z.object({
  requests: z.int().nonnegative(),
  duration_us: z.int().positive(),
  faults: z.int(),
  counts: z.array(z.tuple([z.int(), z.int()])),
});

/** @throws Error where a request failed, or wrk's correction cannot be undone */
async function measureWrk({ port }: HttpServer, connections: number, seconds: number): Promise<Figures> {
  const script = join(import.meta.dirname, 'post-readings.lua');
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script];
  const options = { maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(wrkPath, [...flags, `http://127.0.0.1:${port}/`], options);
  const printed = stdout.trim().split('\n').at(-1) ?? '';
  const { requests, duration_us, faults, counts } = wrkSchema.parse(JSON.parse(printed));
  if (faults > 0) throw new Error(`wrk counted ${faults} faults`);
  if (requests < connections)
    throw new Error(`wrk got ${requests} answers in ${seconds} s: the machine is too busy`);
  const measured = undoCorrection(
    new Map(counts),
    Math.floor(duration_us / Math.floor(requests / connections)),
  );
  const left = countAll(measured);
  if (left !== requests) throw new Error(`wrk counts ${requests} answers, but its latencies are of ${left}`);
  const at = (percent: number) => percentile(measured, percent) / 1000;
  return { per_second: (requests / duration_us) * 1e6, p50_ms: at(50), p90_ms: at(90), p99_ms: at(99) };
}

async function measureSender(
  bench: Bench,
  { port }: HttpServer,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Figures> {
  const sender = runSender(bench, port, ['--concurrency', String(connections)]);
  await Promise.race([sender.ended, delay((warmUpSeconds + seconds) * 1000)]);
  sender.stop();
  const { rows_per_second: per_second, latency_ms } = await sender.ended;
  return { per_second, p50_ms: latency_ms.p50, p90_ms: latency_ms.p90, p99_ms: latency_ms.p99 };
}

/** The number of connections with which the API answers wrk about half of what it can. */
async function findConnections(bench: Bench, api: HttpServer): Promise<number> {
  const rates = new Map<number, number>();
  for (const connections of [limitConnections, limitConnections, ...connectionCounts])
    rates.set(connections, (await measureWrk(api, connections, 2)).per_second ?? 0); // the first time is the warm-up
  const limit = rates.get(limitConnections) ?? 0;
  const offBy = (connections: number) => Math.abs((rates.get(connections) ?? 0) - limit / 2);
  const [best = 4] = connectionCounts.toSorted((a, b) => offBy(a) - offBy(b));
  bench.say(`the API answers ${Math.round(limit)} readings/s to 64 connections; compared with ${best}`);
  return best;
}

/** Processes that this one starts from then on run on these cores. */
function startOn(cores: string): void {
  execFileSync(tasksetPath, ['--pid', '--cpu-list', cores, String(process.pid)]);
}

/** The API and its database on all cores but the last, which is for the load, so that neither slows the other. */
async function startApiApart(bench: Bench, databaseUrl: string | undefined): Promise<HttpServer> {
  const last = availableParallelism() - 1;
  const isDivided = last > 0 && existsSync(tasksetPath);
  if (isDivided) startOn(`0-${last - 1}`);
  const server = await provideServer(bench, databaseUrl);
  const { apiUrl } = await createDatabase(bench, server, { name: 'percentiles' });
  const api = await startApi(bench, apiUrl);
  if (isDivided) startOn(String(last));
  else bench.say('one core or no taskset: the API and the load share all cores');
  bench.defer(() => isDivided && startOn(`0-${last}`));
  return api;
}

function addPrefix(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value]));
}

function toTable(rounds: readonly Round[]): string {
  const figures = ['p50_ms', 'p90_ms', 'p99_ms'];
  const rows = [
    ...figures.map(
      (figure) => ['together', 'together', figure, `sender_${figure}`, `wrk_${figure}`] as const,
    ),
    ...figures.map((figure) => ['sender', 'wrk', figure, figure, figure] as const),
  ].map(([one, other, figure, ofSender, ofWrk]) => {
    const difference = medianRatio(rounds, [one, other], [ofSender, ofWrk]) - 1;
    return [
      `${one === other ? 'together' : 'in turn'}: ${figure.slice(0, 3)}`,
      ...[medianOf(rounds, one, ofSender), medianOf(rounds, other, ofWrk)].map((ms) => ms.toFixed(2)),
      percent(difference),
      Math.abs(difference) <= maxDifference ? 'reached' : 'NOT REACHED',
    ];
  });
  return formatTable([
    ['medians', 'sender, ms', 'wrk, ms', `difference, goal ± ${percent(maxDifference)}`, ''],
    ...rows,
  ]);
}

/** Latencies of one closed model by the sender and by wrk: together, with half of the connections each, and in turn. */
export async function comparePercentiles(bench: Bench, { rounds = 3, seconds, databaseUrl }: Flags) {
  if (!existsSync(wrkPath)) {
    bench.say('wrk is not installed (Debian: apt install wrk): no percentiles beside it');
    return null;
  }
  const api = await startApiApart(bench, databaseUrl);
  const connections = await findConnections(bench, api);
  const ofSender = (count: number) => measureSender(bench, api, { connections: count, seconds });
  async function measureTogether(): Promise<Figures> {
    const half = connections / 2;
    const wrk = delay(warmUpSeconds * 1000).then(() => measureWrk(api, half, seconds));
    const [sender, other] = await Promise.all([ofSender(half), wrk]);
    return { ...addPrefix('sender', sender), ...addPrefix('wrk', other) };
  }
  const measured = await runRounds({
    ...{ bench, rounds },
    contenders: {
      together: measureTogether,
      sender: () => ofSender(connections),
      wrk: () => measureWrk(api, connections, seconds),
    },
  });
  bench.say(`\n${toTable(measured)}`);
  return { connections, rounds: measured };
}
