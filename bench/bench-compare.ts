import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measureSingles, measureStream } from './ingest/measure.ts';
import { formatTable } from './measuring/format-table.ts';
import { describeMachine } from './measuring/machine.ts';
import { median } from './measuring/median.ts';
import { createDatabase, describeSettings, makePassword, provideServer } from './system/database.ts';
import { type HttpServer, startApi } from './system/http-server.ts';
import { readProcessorUs } from './system/processor-time.ts';
import type { Stack } from './system/stack.ts';
import { createStolenTimeMeter } from './system/stolen-time.ts';

interface CompareOptions {
  rounds: number;
  seconds: number;
  against: string | undefined;
  databaseUrl: string | undefined;
  stack: Stack;
  say: (line: string) => void;
}

interface Turn {
  per_second: number;
  /** Processor time per answered reading, in microseconds; the warm-up counts on both sides. */
  api_us: number;
  database_us: number;
}

type Round = Record<string, { here: Turn; there: Turn }>;

type Work = (server: HttpServer) => Promise<{ per_second: number; answers: number }>;

async function measureTurn(server: HttpServer, databasePid: number, work: Work): Promise<Turn> {
  const before = [readProcessorUs(server.pid), readProcessorUs(databasePid)] as const;
  const { per_second, answers } = await work(server);
  return {
    per_second,
    api_us: (readProcessorUs(server.pid) - before[0]) / answers,
    database_us: (readProcessorUs(databasePid) - before[1]) / answers,
  };
}

function listWorks(seconds: number): Record<string, Work> {
  return {
    '64 in flight': (server) => measureSingles(server, { seconds, inFlight: 64 }),
    alone: (server) => measureSingles(server, { seconds, inFlight: 1 }),
    NDJSON: async (server) => {
      const stream = await measureStream(server, seconds);
      if ('absent' in stream) throw new Error(`no NDJSON stream: ${stream.absent}`);
      return stream;
    },
  };
}

const figures = {
  'readings per second': ({ per_second }: Turn) => per_second,
  'API, µs per reading': ({ api_us }: Turn) => api_us,
  'database, µs per reading': ({ database_us }: Turn) => database_us,
  'both, µs per reading': ({ api_us, database_us }: Turn) => api_us + database_us,
};

/** The ratio is the median of those within the rounds, whose turns follow one another closely. */
function toTable(rounds: readonly Round[]): string {
  const rows = Object.keys(rounds[0] ?? {}).flatMap((work) => {
    const pairs = rounds.flatMap((round) => round[work] ?? []);
    return Object.entries(figures).map(([figure, read]) => [
      `${work}: ${figure}`,
      median(pairs.map(({ here }) => read(here))).toFixed(1),
      median(pairs.map(({ there }) => read(there))).toFixed(1),
      median(pairs.map(({ here, there }) => read(here) / read(there))).toFixed(3),
    ]);
  });
  return formatTable([['medians', 'here', 'there', 'here / there'], ...rows]);
}

/** What a reading costs here and in another checkout, in turns, on one private database server. */
export async function benchCompare(options: CompareOptions) {
  const { rounds, seconds, against, databaseUrl, stack, say } = options;
  if (against === undefined) throw new Error('compare needs --against, the folder of another checkout');
  const folder = await mkdtemp(join(tmpdir(), 'bench-compare-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await provideServer({ databaseUrl, folder, stack, say });
  const databasePid = server.pid;
  if (databasePid === undefined)
    throw new Error('compare measures the processor time of a private server: leave out --database-url');
  say(`${describeSettings(server)}\n`);
  const apiPassword = makePassword();
  async function start(name: 'here' | 'there', checkout?: string): Promise<HttpServer> {
    const parts = { folder, stack, ...(checkout !== undefined && { checkout }) };
    const database = `sentinel_compare_${process.pid}_${name}`;
    const { apiUrl } = await createDatabase({ server, name: database, apiPassword, ...parts });
    return startApi({ databaseUrl: apiUrl, name, ...parts });
  }
  const there = await start('there', resolve(against));
  const here = await start('here');
  const stolen = createStolenTimeMeter();
  const measured: Round[] = [];
  for (let number = 0; number < rounds; number++) {
    const round: Round = {};
    for (const [name, work] of Object.entries(listWorks(seconds))) {
      const turn = (api: HttpServer) => measureTurn(api, databasePid, work);
      if (number % 2 === 0) round[name] = { here: await turn(here), there: await turn(there) };
      else {
        const first = await turn(there);
        round[name] = { here: await turn(here), there: first };
      }
    }
    measured.push(round);
    say(`round ${number + 1} of ${rounds}: the host took ${(stolen() * 100).toFixed(0)} %`);
  }
  say(`\n${toTable(measured)}`);
  return { machine: describeMachine(), server: server.settings, seconds, rounds: measured };
}
