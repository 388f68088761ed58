import { resolve } from 'node:path';
import { type Bench, type Figures, type Flags, readCpuUs } from './bench.ts';
import { measureSingles, measureStream } from './ingest.ts';
import { medianRatio, printRound, type Round, toMedians, toRounded } from './rounds.ts';
import { type DatabaseServer, type HttpServer, prepareApi, provideServer } from './servers.ts';

const loads: Readonly<Record<string, (server: HttpServer, seconds: number) => Promise<Figures>>> = {
  '64 in flight': (server, seconds) => measureSingles(server, 64, seconds),
  '1 in flight': (server, seconds) => measureSingles(server, 1, seconds),
  NDJSON: measureStream,
};

const warmUpSeconds = 3;

/**
 * What a reading costs here and in another checkout, in turns on one private database server. Each round has new processes:
 * where V8 keeps objects is decided once per process, and changes the cost of a reading by up to a fifth.
 */
export async function benchCompare(
  bench: Bench,
  { rounds = 9, seconds, against, databaseUrl, databasePid }: Flags,
) {
  if (against === undefined) throw new Error('compare needs --against, the folder of another checkout');
  const server = await provideServer(bench, databaseUrl);
  const pid = requirePid(server, databasePid);
  const there = await prepareApi(bench, server, { name: 'there', checkout: resolve(against) });
  const here = await prepareApi(bench, server, { name: 'here' });

  /** CPU time is per answered reading; the start of the load counts in both. */
  async function measure(api: HttpServer, load: string): Promise<Figures> {
    const before = [readCpuUs(api.pid), readCpuUs(pid)] as const;
    const { per_second = 0, answers = 0 } = (await loads[load]?.(api, seconds)) ?? {};
    const api_us = (readCpuUs(api.pid) - before[0]) / answers;
    const database_us = (readCpuUs(pid) - before[1]) / answers;
    return { per_second, api_us, database_us, both_us: api_us + database_us };
  }
  const measured: Round[] = [];
  for (let number = 0; number < rounds; number++) {
    const apis = { here: await here.start(), there: await there.start() };
    for (const api of Object.values(apis)) {
      await measureSingles(api, 64, warmUpSeconds);
      await measureStream(api, warmUpSeconds);
    }
    const contenders = Object.keys(loads).flatMap((load) => {
      const turns = Object.entries(apis).map(
        ([name, api]) => [`${load}: ${name}`, () => measure(api, load)] as const,
      );
      return number % 2 === 0 ? turns : turns.reverse();
    });
    const round: Record<string, Figures> = {};
    for (const [name, measureTurn] of contenders) round[name] = await measureTurn();
    printRound(`round ${number + 1} of ${rounds}`, round);
    measured.push(round);
    for (const api of Object.values(apis)) await api.stop();
  }
  console.log('\nmedians; µs are CPU time per reading; the ratio is that within the rounds');
  for (const load of Object.keys(loads)) {
    const [one, other] = [`${load}: here`, `${load}: there`] as const;
    const [ours, theirs] = [toMedians(measured, one), toMedians(measured, other)];
    const rows = Object.entries(ours).map(([figure, value]) => {
      const ratio = medianRatio(measured, [one, other], figure);
      const medians = { here: toRounded(value), there: toRounded(theirs[figure] ?? Number.NaN) };
      return [`${load}: ${figure}`, { ...medians, 'here / there': Number(ratio.toFixed(3)) }];
    });
    console.table(Object.fromEntries(rows));
  }
  return { server: server.settings, seconds, rounds: measured };
}

function requirePid(server: DatabaseServer, databasePid: number | undefined): number {
  const pid = server.pid ?? databasePid;
  if (pid !== undefined) return pid;
  throw new Error('compare measures the CPU time of the server of --database-url: add --database-pid');
}
