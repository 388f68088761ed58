import { resolve } from 'node:path';
import type { Flags } from './bench.ts';
import { type Bench, describeMachine, readCpuUs } from './bench.ts';
import { createDatabase, provideServer } from './database.ts';
import { measureSingles, measureStream } from './ingest.ts';
import { type Figures, format, formatTable, medianOf, medianRatio, type Round, runRounds } from './rounds.ts';
import { type HttpServer, startApi } from './servers.ts';

type Load = (server: HttpServer) => Promise<Figures>;

const names = {
  per_second: 'readings/s',
  api_us: 'API, µs of CPU',
  database_us: 'database, µs of CPU',
  both_us: 'both, µs of CPU',
};

/** CPU time is per answered reading; the warm-up counts in both. */
async function measureTurn(server: HttpServer, databasePid: number, load: Load): Promise<Figures> {
  const read = () => [readCpuUs(server.pid), readCpuUs(databasePid)] as const;
  const before = read();
  const { per_second = 0, answers = 0 } = await load(server);
  const after = read();
  const [api_us, database_us] = [(after[0] - before[0]) / answers, (after[1] - before[1]) / answers];
  return { per_second, api_us, database_us, both_us: api_us + database_us };
}

function toTable(rounds: readonly Round[], loads: readonly string[]): string {
  const rows = loads.flatMap((load) => {
    const [here, there] = [`${load}: here`, `${load}: there`] as const;
    return Object.entries(names).map(([figure, name]) => [
      `${load}: ${name}`,
      ...[here, there].map((contender) => format(medianOf(rounds, contender, figure))),
      medianRatio(rounds, [here, there], [figure]).toFixed(3),
    ]);
  });
  return formatTable([['medians', 'here', 'there', 'here / there'], ...rows]);
}

/** What a reading costs here and in another checkout, in turns on one private database server. */
export async function benchCompare(bench: Bench, { rounds = 9, seconds, against, databaseUrl }: Flags) {
  if (against === undefined) throw new Error('compare needs --against, the folder of another checkout');
  const server = await provideServer(bench, databaseUrl);
  const { pid } = server;
  if (pid === undefined)
    throw new Error('compare measures the CPU time of a private server: leave out --database-url');
  async function start(name: string, checkout?: string): Promise<HttpServer> {
    const place = { name, ...(checkout !== undefined && { checkout }) };
    const { apiUrl } = await createDatabase(bench, server, place);
    return startApi(bench, apiUrl, place);
  }
  const [there, here] = [await start('there', resolve(against)), await start('here')];
  const loads: Record<string, Load> = {
    '64 in flight': (api) => measureSingles(api, 64, seconds),
    '1 in flight': (api) => measureSingles(api, 1, seconds),
    NDJSON: (api) => measureStream(api, seconds),
  };
  const contenders = Object.entries(loads).flatMap(([name, load]) => [
    [`${name}: here`, () => measureTurn(here, pid, load)],
    [`${name}: there`, () => measureTurn(there, pid, load)],
  ]);
  const measured = await runRounds({ bench, rounds, contenders: Object.fromEntries(contenders) });
  bench.say(`\n${toTable(measured, Object.keys(loads))}`);
  return { machine: describeMachine(), server: server.settings, seconds, rounds: measured };
}
