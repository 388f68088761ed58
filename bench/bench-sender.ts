import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './measuring/machine.ts';
import { contenderNames, measureRows, measureSingles } from './sender/measure.ts';
import { type EchoRound, listGoals, toEchoTable, toGoalsTable } from './sender/summary.ts';
import { type HttpServer, startHttpServer } from './system/http-server.ts';
import type { Stack } from './system/stack.ts';

interface SenderOptions {
  rounds: number;
  /** Of each turn of each contender. */
  seconds: number;
  stack: Stack;
  say: (line: string) => void;
}

const inFlight = 64;
const ndjsonRows = 1_000_000;

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

/** What the sender can send, beside plain loops, to an echo. */
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
  const figures = { echo: singles, rows };
  const goals = listGoals(figures);
  say(`\n${toEchoTable(singles)}\n\n${toGoalsTable(goals)}`);
  return { machine: describeMachine(), seconds, goals, ...figures };
}
