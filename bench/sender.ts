import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Flags } from './bench.ts';
import { type Bench, describeMachine, readCpuUs, readResidentMib, runScript } from './bench.ts';
import {
  type Figures,
  type Goal,
  median,
  medianRatio,
  type Round,
  runRounds,
  toGoalsTable,
  toMediansTable,
} from './rounds.ts';
import { comparePercentiles } from './sender/percentiles.ts';
import { fileRows, runSender } from './sender/run-sender.ts';
import { type HttpServer, startScript } from './servers.ts';

const connections = 64;
const ndjsonRows = 1_000_000;
/** Until the optimizing compiler has seen all of it. */
const warmUpSeconds = 4;

async function readCount({ port }: HttpServer): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/count`);
  return Number(((await response.json()) as { count: number }).count); // as the echo answers
}

/** Rate and CPU time after the warm-up; the latencies of the sender's summary include it. */
async function measureSender(bench: Bench, echo: HttpServer, seconds: number): Promise<Figures> {
  const idle = await readCount(echo);
  const sender = runSender(bench, echo.port, ['--concurrency', String(connections)]);
  while ((await readCount(echo)) === idle) await Promise.race([sender.ended, delay(50)]);
  await Promise.race([sender.ended, delay(warmUpSeconds * 1000)]);
  const [begin, before, cpuBefore] = [performance.now(), await readCount(echo), readCpuUs(sender.pid)];
  await Promise.race([sender.ended, delay(seconds * 1000)]);
  const answered = (await readCount(echo)) - before;
  const per_second = (answered * 1000) / (performance.now() - begin);
  const cpu_us = (readCpuUs(sender.pid) - cpuBefore) / answered;
  sender.stop();
  const { latency_ms } = await sender.ended;
  return { per_second, cpu_us, p50_ms: latency_ms.p50, p99_ms: latency_ms.p99 };
}

/** A million rows in NDJSON, and the memory of the sender after half of them and at the end. */
async function measureNdjson(bench: Bench, echo: HttpServer): Promise<Figures> {
  const before = await readCount(echo);
  const loops = String(ndjsonRows / fileRows);
  const load = '--format ndjson --batch 1000 --concurrency 4 --loop'.split(' ');
  const sender = runSender(bench, echo.port, [...load, loops]);
  const samples: { share: number; mib: number }[] = [];
  let isOver = false;
  const ended = sender.ended.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.race([ended, delay(100)]);
    if (!isOver)
      samples.push({
        share: ((await readCount(echo)) - before) / ndjsonRows,
        mib: readResidentMib(sender.pid),
      });
  }
  const { accepted, rows_per_second } = await ended;
  if (accepted !== ndjsonRows) throw new Error(`${accepted} of ${ndjsonRows} rows were accepted`);
  const between = (from: number, to: number) =>
    median(samples.filter(({ share }) => share >= from && share <= to).map(({ mib }) => mib));
  return { rows_per_second, half_mib: between(0.4, 0.6), end_mib: between(0.8, 1) };
}

function listGoals(rounds: readonly Round[], rows: Figures): Goal[] {
  const { rows_per_second = Number.NaN, half_mib = Number.NaN, end_mib = Number.NaN } = rows;
  const rate = medianRatio(rounds, ['sender', 'axios'], ['per_second']);
  const cpu = medianRatio(rounds, ['axios', 'sender'], ['cpu_us']);
  return [
    { what: 'readings per second / plain axios', measured: rate, atLeast: 2 },
    { what: 'readings per CPU second / plain axios', measured: cpu, atLeast: 2 },
    { what: 'NDJSON rows per second', measured: rows_per_second, atLeast: 50_000 },
    { what: 'memory at the end / after half of the rows', measured: end_mib / half_mib, atMost: 1.2 },
  ];
}

/** What the sender can send to an echo, in turns with plain loops, and its percentiles of the API beside wrk's. */
export async function benchSender(bench: Bench, flags: Flags) {
  const { rounds = 3, seconds } = flags;
  const echo = await startScript(bench, 'sender/echo.ts');
  const runLoop = (library: string) => async () => {
    const task = { library, port: echo.port, connections, seconds, warmUpSeconds };
    return (await runScript(join(import.meta.dirname, 'sender/plain-loop.ts'), task)) as Figures; // as it prints
  };
  const contenders = {
    sender: () => measureSender(bench, echo, seconds),
    ...{ axios: runLoop('axios'), undici: runLoop('undici'), 'node:http': runLoop('node:http') },
  };
  const measured = await runRounds({ bench, rounds, contenders });
  const rows = await measureNdjson(bench, echo);
  const goals = listGoals(measured, rows);
  const columns = { per_second: 'readings/s', cpu_us: 'µs of CPU', p50_ms: 'p50 ms', p99_ms: 'p99 ms' };
  bench.say(`\n${toMediansTable(`${connections} in flight, to an echo`, measured, columns)}`);
  bench.say(`\n${toGoalsTable('', goals)}\n`);
  const percentiles = await comparePercentiles(bench, flags);
  return { machine: describeMachine(), seconds, goals, rounds: measured, rows, percentiles };
}
