import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Bench, type Figures, type Flags, readCpuUs, runScript } from './bench.ts';
import { drawReadings } from './load/readings.ts';
import { type Goal, medianRatio, printGoals, printMedians, type Round, runRounds } from './rounds.ts';
import { type HttpServer, root, startPeer } from './servers.ts';

export const fileRows = 10_000;
const connections = 64;
const ndjsonRows = 1_000_000;
/** Until the optimizing compiler has seen all of it. */
const warmUpSeconds = 4;

const summarySchema = z.object({
  accepted: z.int(),
  lost: z.literal(0),
  rows_per_second: z.number(),
});

interface Sender {
  pid: number;
  /** Asks it to end. */
  stop: () => void;
  /** Resolves with its summary once the process has ended. @throws where a row was lost */
  ended: Promise<z.infer<typeof summarySchema>>;
}

/** The sender as a user runs it, as fast as the echo answers. */
function runSender(bench: Bench, { port }: HttpServer, load: string): Sender {
  const file = join(bench.folder, 'readings.csv');
  const rows = drawReadings(fileRows).map((reading) => Object.values(reading).join(','));
  writeFileSync(file, ['temperature,humidity,sound_volume', ...rows, ''].join('\n'));
  const flags = `--json --mode copy --rate 0 --sensor-id bench --backfill 0 --replay ${Date.now()} ${load}`;
  const place = ['--api-url', `http://127.0.0.1:${port}`, '--file', file];
  const command = [join(root, 'services/sender/main.ts'), ...flags.split(' '), ...place];
  const running = promisify(execFile)(process.execPath, command, { cwd: bench.folder });
  const { child } = running;
  bench.defer(() => child.kill('SIGKILL'));
  const ended = running.then(({ stdout }) => summarySchema.parse(JSON.parse(stdout)));
  ended.catch(() => undefined); // seen where it is awaited
  return { pid: child.pid ?? 0, stop: () => void child.kill('SIGTERM'), ended };
}

/** Readings that the echo has answered so far. */
async function readCount({ port }: HttpServer): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/count`);
  return z.object({ count: z.int() }).parse(await response.json()).count;
}

/** Rate and CPU time after the warm-up. */
async function measureSender(bench: Bench, echo: HttpServer, seconds: number): Promise<Figures> {
  const idle = await readCount(echo);
  const sender = runSender(bench, echo, `--concurrency ${connections}`);
  while ((await readCount(echo)) === idle) await Promise.race([sender.ended, delay(50)]);
  await Promise.race([sender.ended, delay(warmUpSeconds * 1000)]);
  const [begin, before, cpuBefore] = [performance.now(), await readCount(echo), readCpuUs(sender.pid)];
  await Promise.race([sender.ended, delay(seconds * 1000)]);
  const answered = (await readCount(echo)) - before;
  const per_second = (answered * 1000) / (performance.now() - begin);
  const cpu_us = (readCpuUs(sender.pid) - cpuBefore) / answered;
  sender.stop();
  await sender.ended;
  return { per_second, cpu_us };
}

/** Rows per second of a million rows in NDJSON. */
async function measureNdjson(bench: Bench, echo: HttpServer): Promise<number> {
  const load = `--format ndjson --batch 1000 --concurrency 4 --loop ${ndjsonRows / fileRows}`;
  const { accepted, rows_per_second } = await runSender(bench, echo, load).ended;
  if (accepted !== ndjsonRows) throw new Error(`${accepted} of ${ndjsonRows} rows were accepted`);
  return rows_per_second;
}

function listGoals(rounds: readonly Round[], ndjsonPerSecond: number): Goal[] {
  const rate = medianRatio(rounds, ['sender', 'axios'], 'per_second');
  const cpu = medianRatio(rounds, ['axios', 'sender'], 'cpu_us');
  return [
    { what: 'readings per second / plain axios', measured: rate, atLeast: 2 },
    { what: 'readings per CPU second / plain axios', measured: cpu, atLeast: 2 },
    { what: 'NDJSON rows per second', measured: ndjsonPerSecond, atLeast: 50_000 },
  ];
}

/** What the sender can send to an echo, in turns with a plain loop over axios. */
export async function benchSender(bench: Bench, { rounds = 3, seconds }: Flags) {
  const echo = await startPeer(bench, 'sender-echo');
  const measured = await runRounds(rounds, {
    sender: () => measureSender(bench, echo, seconds),
    axios: () => runScript('peers/axios-loop.ts', echo.port, connections, warmUpSeconds, seconds),
  });
  const goals = listGoals(measured, await measureNdjson(bench, echo));
  printMedians(`${connections} in flight, to an echo: medians`, measured);
  printGoals('the sender', goals);
  return { seconds, goals, rounds: measured };
}
