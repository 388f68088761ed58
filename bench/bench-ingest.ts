import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowDataPacket } from 'mysql2/promise';
import { findFlask, startContenders } from './ingest/contenders.ts';
import { type Round, runRound } from './ingest/round.ts';
import { listGoals, summarize, toGoalsTable, toRatesTable } from './ingest/summary.ts';
import { describeMachine } from './measuring/machine.ts';
import {
  createDatabase,
  type Database,
  describeSettings,
  makePassword,
  provideServer,
} from './system/database.ts';
import { watchMemory } from './system/resident-memory.ts';
import type { Stack } from './system/stack.ts';

export interface IngestOptions {
  rounds: number;
  /** Of each turn of each contender. */
  seconds: number;
  databaseUrl: string | undefined;
  stack: Stack;
  say: (line: string) => void;
}

function countAnswered(rounds: readonly Round[]): number {
  return rounds
    .flatMap(({ singles, lone, stream }) => [
      singles.ours?.answers ?? 0,
      lone.ours?.answers ?? 0,
      'answers' in stream ? stream.answers : 0,
    ])
    .reduce((sum, answers) => sum + answers, 0);
}

/** @throws Error when not exactly what was answered 200 is stored, in rows and in rollups */
async function checkStored(ours: Database, answered: number): Promise<void> {
  const connection = await ours.connect();
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT (SELECT COUNT(*) FROM readings) AS stored_rows,
      (SELECT COALESCE(SUM(count), 0) FROM readings_hour WHERE sensor_id = '') +
        (SELECT COALESCE(SUM(count), 0) FROM rollup_deltas) AS rolled_up`,
  );
  await connection.end();
  const [stored, rolledUp] = [row?.stored_rows, row?.rolled_up];
  if (Number(stored) === answered && Number(rolledUp) === answered) return;
  throw new Error(`${answered} readings were answered, but ${stored} are stored and ${rolledUp} rolled up`);
}

/** Single readings, a lone client and an NDJSON stream against the real API, in turns with peers and limits. */
export async function benchIngest(options: IngestOptions) {
  const { rounds, seconds, databaseUrl, stack, say } = options;
  const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await provideServer({ databaseUrl, folder, stack, say });
  say(`${describeSettings(server)}\n`);
  const apiPassword = makePassword();
  const create = (name: string) =>
    createDatabase({ server, name: `sentinel_bench_${process.pid}_${name}`, apiPassword, folder, stack });
  const ours = await create('ours');
  const others = await create('others');
  const contenders = await startContenders({ ours, others, folder, stack });
  const flask = findFlask();
  if (!flask)
    say('Flask, scikit-learn or a MySQL driver is not installed: measured without the Flask design');
  const memory = watchMemory(contenders.ours.pid);
  stack.defer(memory.stop);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++)
    measured.push(await runRound(round, { contenders, others, memory, seconds, say }));
  const summary = summarize(measured);
  const goals = listGoals(measured);
  say(`\n${toRatesTable(summary)}\n\n${toGoalsTable(goals)}`);
  await checkStored(ours, countAnswered(measured));
  say('\nevery reading that was answered is stored and rolled up once');
  return {
    machine: describeMachine(),
    server: server.settings,
    flask: flask ?? null,
    seconds,
    summary,
    goals,
    rounds: measured,
  };
}
