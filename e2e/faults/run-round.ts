import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Books, createBooks } from './books.ts';
import { checkLedger, readLedger } from './check-ledger.ts';
import { checkReadings } from './check-readings.ts';
import { checkRollups } from './check-rollups.ts';
import { findServerProgram } from './data-directory.ts';
import type { DatabaseServer } from './database-server.ts';
import { createProgress } from './progress.ts';
import { apiProgram } from './replica.ts';
import { runFaults } from './run-faults.ts';
import { createSchedule, type Fault, type FaultKind } from './schedule.ts';
import { startSystem } from './start-system.ts';
import { connectExactly, listStoredRows } from './stored-rows.ts';
import type { System } from './strike.ts';

const stuckMs = 60_000;

export interface RoundOptions {
  seed: number;
  /** The program of the API; another one only to see that its faults are found. */
  program?: string | undefined;
  /** Ends the round early. */
  signal?: AbortSignal;
}

export interface RoundReport {
  seed: number;
  server: string;
  sent: number;
  answered: number;
  failedAttempts: number;
  struck: Partial<Record<FaultKind, number>>;
  /** Faults that this machine does not allow. */
  leftOut: number;
  rows: number;
  buckets: number;
  longestOutageMs: number;
  durationMs: number;
  /** Per invariant that does not hold, what shows it; empty when all is well. */
  broken: Record<string, string[]>;
  /** Where the logs were left, if something does not hold. */
  logs?: string;
}

function verify(database: DatabaseServer, books: Books): void {
  try {
    database.verify();
  } catch (error) {
    books.note('rollups', String(error));
  }
}

/** Ends everything, the database by force, and looks at what it holds when it is started again. */
async function checkStored({ database, replicas, progress }: System, books: Books) {
  const ledger = progress.aborted() ? undefined : await readLedger(replicas[0].url);
  for (const ended of await Promise.all(replicas.map(({ stop }) => stop()))) {
    if (ended !== 'exit code 0' && !progress.aborted())
      books.note('recovery', `SIGTERM ended an API with ${ended}`);
  }
  await database.kill();
  await database.start();
  const connection = await connectExactly(database.adminUrl);
  try {
    const rows = await listStoredRows(connection);
    checkReadings(rows, books);
    if (ledger) checkLedger(ledger, rows, books);
    const buckets = await checkRollups(connection, { rows, books });
    verify(database, books);
    return { rows: rows.length, buckets };
  } finally {
    connection.destroy();
  }
}

/** One system, one schedule of faults, and what is stored after it. */
export async function runRound({ seed, program = apiProgram, signal }: RoundOptions): Promise<RoundReport> {
  const started = performance.now();
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-faults-'));
  const cleanUps: (() => unknown)[] = [];
  const books = createBooks();
  const progress = createProgress({ now: () => performance.now(), stuckMs });
  signal?.addEventListener('abort', () => progress.abort(new Error('it was stopped')));
  try {
    const server = findServerProgram();
    const system = await startSystem({ directory, server, program, progress, cleanUps });
    const all = createSchedule(seed);
    const faults = system.disk ? all : all.filter(({ kind }) => kind !== 'fill the disk');
    const struck: Partial<Record<FaultKind, number>> = {};
    const onFault = (fault: Fault) => {
      struck[fault.kind] = (struck[fault.kind] ?? 0) + 1;
      const when = `${new Date().toISOString()} after ${progress.answers()} answers, ${progress.failures()} failures`;
      appendFileSync(join(directory, 'faults.log'), `${when}: ${JSON.stringify(fault)}\n`);
    };
    await runFaults(system, { seed, faults, books, onFault });
    const stored = await checkStored(system, books);
    const entries = [...books.entries.values()];
    const broken = books.broken();
    return {
      seed,
      server: `${server.isMariadb ? 'MariaDB' : 'MySQL'} ${server.version}`,
      sent: entries.length,
      answered: entries.filter(({ answer }) => answer).length,
      failedAttempts: progress.failures(),
      struck,
      leftOut: all.length - faults.length,
      ...stored,
      longestOutageMs: progress.longestOutageMs(),
      durationMs: performance.now() - started,
      broken,
      ...(Object.keys(broken).length > 0 && { logs: directory }),
    };
  } finally {
    progress.end();
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    rmSync(join(directory, 'disk'), { recursive: true, force: true });
    if (Object.keys(books.broken()).length === 0) rmSync(directory, { recursive: true });
  }
}
