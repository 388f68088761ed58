import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './measuring/machine.ts';
import {
  contenderNames,
  findWrk,
  measureRows,
  measureSingles,
  measureWrk,
  warmUpSeconds,
} from './sender/measure.ts';
import { type EchoRound, listGoals, type Percentiles, toEchoTable, toGoalsTable } from './sender/summary.ts';
import { divideCores } from './system/cores.ts';
import { createDatabase, makePassword, provideServer } from './system/database.ts';
import { type HttpServer, startApi, startHttpServer } from './system/http-server.ts';
import type { Stack } from './system/stack.ts';

interface SenderOptions {
  rounds: number;
  /** Of each turn of each contender. */
  seconds: number;
  databaseUrl: string | undefined;
  stack: Stack;
  say: (line: string) => void;
}

const inFlight = 64;
const ndjsonRows = 1_000_000;
/** Turns of each round: a single one says little about its tail. */
const percentileTurns = 3;
/** Of these, the one with which the API answers about half of what it can. */
const connectionCounts = [1, 2, 3, 4, 6, 8, 12, 16];

async function measureEcho(echo: HttpServer, { rounds, seconds, say }: SenderOptions): Promise<EchoRound[]> {
  const names = contenderNames;
  const measured: EchoRound[] = [];
  for (let round = 0; round < rounds; round++) {
    const turns: EchoRound = {};
    for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
      const figures = await measureSingles(echo, { contender: name, connections: inFlight, seconds });
      turns[name] = figures;
      say(`round ${round + 1}: ${name}: ${Math.round(figures.per_second)} readings/s to the echo`);
    }
    measured.push(turns);
  }
  return measured;
}

async function findHalf(api: HttpServer): Promise<Pick<Percentiles, 'limit_per_second' | 'connections'>> {
  const warmUp = { connections: inFlight, seconds: 2 };
  await measureWrk(api, warmUp);
  const { per_second: limit } = await measureWrk(api, warmUp);
  const rates: { connections: number; offBy: number }[] = [];
  for (const connections of connectionCounts) {
    const { per_second } = await measureWrk(api, { connections, seconds: 1 });
    rates.push({ connections, offBy: Math.abs(per_second - limit / 2) });
  }
  const [best] = rates.toSorted((a, b) => a.offBy - b.offBy);
  return { limit_per_second: limit, connections: best?.connections ?? 1 };
}

async function startRealApi({ databaseUrl, stack, say }: SenderOptions, folder: string): Promise<HttpServer> {
  const server = await provideServer({ databaseUrl, folder, stack, say });
  const name = `sentinel_bench_${process.pid}_sender`;
  const database = await createDatabase({ server, name, apiPassword: makePassword(), folder, stack });
  return startApi({ databaseUrl: database.apiUrl, folder, stack });
}

/** The same readings in a closed model over the same connections, by wrk and by ours in turns. */
async function comparePercentiles(options: SenderOptions, folder: string): Promise<Percentiles | null> {
  const { rounds, seconds, say } = options;
  if (!findWrk()) {
    say('wrk is not installed: measured without its percentiles');
    return null;
  }
  const cores = divideCores();
  options.stack.defer(cores.forAll);
  cores.forServers();
  const api = await startRealApi(options, folder);
  cores.forLoad();
  if (!cores.isDivided) say('no core is kept for who asks: there is one only, or no taskset');
  const half = await findHalf(api);
  const { connections, limit_per_second } = half;
  say(`the API answers ${Math.round(limit_per_second)} readings/s; compared with ${connections} connections`);
  const measured: Percentiles['rounds'] = [];
  const load = { connections, seconds };
  const turns = {
    wrk: async () => {
      await measureWrk(api, { connections, seconds: warmUpSeconds });
      return measureWrk(api, load);
    },
    ours: () => measureSingles(api, { contender: 'ours', ...load }),
  };
  for (let round = 0; round < rounds * percentileTurns; round++) {
    const isOursFirst = round % 2 === 1;
    const before = isOursFirst ? await turns.ours() : undefined;
    const wrk = await turns.wrk();
    const ours = before ?? (await turns.ours());
    measured.push({ ours, wrk });
    for (const [name, { per_second, p50_ms, p90_ms, p99_ms }] of Object.entries({ wrk, ours })) {
      const times = [p50_ms, p90_ms, p99_ms].map((ms) => ms.toFixed(2)).join(' ');
      say(`round ${round + 1}: ${name}: ${Math.round(per_second)} readings/s, p50 p90 p99 ${times} ms`);
    }
  }
  return { ...half, rounds: measured };
}

/** What the sender can send, beside plain loops and to an echo; and its percentiles beside wrk's. */
export async function benchSender(options: SenderOptions) {
  const { seconds, stack, say } = options;
  const folder = await mkdtemp(join(tmpdir(), 'bench-sender-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const script = join(import.meta.dirname, 'sender/echo.ts');
  const echo = await startHttpServer({
    name: 'echo',
    command: (port) => [process.execPath, script, String(port)],
    readyPath: '/',
    folder,
    stack,
  });
  const singles = await measureEcho(echo, options);
  const rows = await measureRows(echo, ndjsonRows);
  const { half, end } = rows.resident_mib;
  const memory = `${Math.round(half)} MiB at half, ${Math.round(end)} at the end`;
  say(
    `NDJSON: ${Math.round(rows.per_second)} rows/s, ${rows.cpu_us_per_row.toFixed(1)} µs of CPU each, ${memory}`,
  );
  const percentiles = await comparePercentiles(options, folder);
  const figures = { echo: singles, rows, percentiles };
  const goals = listGoals(figures);
  say(`\n${toEchoTable(singles)}\n\n${toGoalsTable(goals)}`);
  return { machine: describeMachine(), seconds, goals, ...figures };
}
