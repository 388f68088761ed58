import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../measuring/median.ts';
import { divideCores } from '../system/cores.ts';
import { createDatabase, makePassword, provideServer } from '../system/database.ts';
import { type HttpServer, startApi } from '../system/http-server.ts';
import type { Stack } from '../system/stack.ts';
import { createStolenTimeMeter } from '../system/stolen-time.ts';
import { findWrk, measureSingles, measureWrk, percentileNames, type Wrk, warmUpSeconds } from './measure.ts';
import type { PercentileRound, Percentiles } from './percentiles-summary.ts';

export interface ComparisonOptions {
  rounds: number;
  /** Of each turn of each contender. */
  seconds: number;
  databaseUrl: string | undefined;
  stack: Stack;
  say: (line: string) => void;
}

const limitConnections = 64;
/** Turns of each round: a single one says little about its tail. */
const turnsPerRound = 3;
/** Of these, the one with which the API answers about half of what it can; even, as two share them. */
const connectionCounts = [2, 4, 6, 8, 12, 16];

type Found = Pick<Percentiles, 'limit_per_second' | 'connections'>;

async function findHalf(api: HttpServer): Promise<Found> {
  const warmUp = { connections: limitConnections, seconds: 2 };
  await measureWrk(api, warmUp);
  const limits: number[] = [];
  const rates = connectionCounts.map((connections) => ({ connections, measured: [] as number[] }));
  for (let time = 0; time < 3; time++) {
    limits.push((await measureWrk(api, warmUp)).per_second);
    for (const { connections, measured } of rates) {
      measured.push((await measureWrk(api, { connections, seconds: 2 })).per_second);
    }
  }
  const limit = median(limits);
  const offBy = (measured: readonly number[]) => Math.abs(median(measured) - limit / 2);
  const [best] = rates.toSorted((a, b) => offBy(a.measured) - offBy(b.measured));
  return { limit_per_second: limit, connections: best?.connections ?? connectionCounts[0] ?? 2 };
}

async function startRealApi(
  { databaseUrl, stack, say }: ComparisonOptions,
  folder: string,
): Promise<HttpServer> {
  const server = await provideServer({ databaseUrl, folder, stack, say });
  const name = `sentinel_bench_${process.pid}_sender`;
  const database = await createDatabase({ server, name, apiPassword: makePassword(), folder, stack });
  return startApi({ databaseUrl: database.apiUrl, folder, stack });
}

interface Load {
  connections: number;
  seconds: number;
}
type Measured = Pick<PercentileRound, 'ours' | 'wrk'>;

/** Each with half of the connections: whatever slows the API or the machine meets both. */
async function measureTogether(api: HttpServer, { connections, seconds }: Load): Promise<Measured> {
  const load = { connections: connections / 2, seconds };
  // Time to start a process, and to warm it up.
  const leadMs = (warmUpSeconds + 2) * 1000;
  const [ours, wrk] = await Promise.all([
    measureSingles(api, { contender: 'ours', ...load, beginsAtMs: Date.now() + leadMs }),
    delay(leadMs).then(() => measureWrk(api, load)),
  ]);
  return { ours, wrk };
}

async function measureInTurn(api: HttpServer, load: Load, isOursFirst: boolean): Promise<Measured> {
  async function measureWarmWrk() {
    await measureWrk(api, { ...load, seconds: warmUpSeconds });
    return measureWrk(api, load);
  }
  const before = isOursFirst ? await measureSingles(api, { contender: 'ours', ...load }) : undefined;
  const wrk = await measureWarmWrk();
  return { wrk, ours: before ?? (await measureSingles(api, { contender: 'ours', ...load })) };
}

function describeRound({ how, ours, wrk, stolen_share }: PercentileRound): string {
  const describe = (of: Wrk) => {
    const list = (kind: Wrk['corrected']) => percentileNames.map((name) => kind[name].toFixed(2)).join(' ');
    return `${Math.round(of.per_second)}/s, ${list(of)} ms, corrected ${list(of.corrected)}`;
  };
  const stolen = `the host took ${Math.round(100 * stolen_share)} % of the processors`;
  return `${how}: p50 p90 p99: ours ${describe(ours)}; wrk ${describe(wrk)}; ${stolen}`;
}

/**
 * The same readings in a closed model over the same number of connections, by wrk and by ours, at the same time and in
 * turns of which either is the first.
 *
 * @throws Error where there is no wrk
 */
export async function comparePercentiles(options: ComparisonOptions, folder: string): Promise<Percentiles> {
  const { rounds, seconds, say } = options;
  if (!findWrk()) throw new Error('wrk is not installed (/usr/bin/wrk)');
  const cores = divideCores();
  options.stack.defer(cores.forAll);
  cores.forServers();
  const api = await startRealApi(options, folder);
  cores.forLoad();
  if (!cores.isDivided) say('no core is kept for who asks: there is one only, or no taskset');
  const half = await findHalf(api);
  const load = { connections: half.connections, seconds };
  say(`the API answers ${Math.round(half.limit_per_second)} readings/s; ${load.connections} connections`);
  const measured: PercentileRound[] = [];
  const takeStolenTime = createStolenTimeMeter();
  for (let turn = 0; turn < rounds * turnsPerRound; turn++) {
    for (const how of ['together', 'in turn'] as const) {
      const isOursFirst = turn % 2 === 1;
      const figures = await (how === 'together'
        ? measureTogether(api, load)
        : measureInTurn(api, load, isOursFirst));
      const round = { how, ...figures, stolen_share: takeStolenTime() };
      measured.push(round);
      say(describeRound(round));
    }
  }
  return { ...half, rounds: measured };
}
