import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRollups } from './check-rollups.ts';
import { findServerProgram } from './data-directory.ts';
import type { DatabaseServer } from './database-server.ts';
import type { System } from './inject-fault.ts';
import { createProgress } from './progress.ts';
import { createRecords, type Records } from './records.ts';
import { apiProgram } from './replica.ts';
import { runFaults } from './run-faults.ts';
import { createSchedule, type Fault, type FaultKind } from './schedule.ts';
import { startSystem } from './start-system.ts';
import { checkLedger, checkReadings, connectExactly, listStoredRows, readLedger } from './stored-readings.ts';

const stuckMs = 60_000;

export interface RoundOptions {
  seed: number;
  /** The main file of the API; another one only to check that its bugs are found. */
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
  injected: Partial<Record<FaultKind, number>>;
  /** Faults that this machine does not permit. */
  leftOut: number;
  rows: number;
  buckets: number;
  longestOutageMs: number;
  durationMs: number;
  /** Violations per broken invariant; empty when all is well. */
  broken: Record<string, string[]>;
  /** The folder of the logs, kept if an invariant is broken. */
  logs?: string;
}

function verify(database: DatabaseServer, records: Records): void {
  try {
    database.verify();
  } catch (error) {
    records.note('rollups', String(error));
  }
}

/** Stops the APIs, kills the database, and checks its rows after a restart. */
async function checkStored({ database, replicas, progress }: System, records: Records) {
  const ledger = progress.aborted() ? undefined : await readLedger(replicas[0].url);
  for (const ended of await Promise.all(replicas.map(({ stop }) => stop()))) {
    if (ended !== 'exit code 0' && !progress.aborted())
      records.note('recovery', `SIGTERM ended an API with ${ended}`);
  }
  await database.kill();
  await database.start();
  const connection = await connectExactly(database.adminUrl);
  try {
    const rows = await listStoredRows(connection);
    checkReadings(rows, records);
    if (ledger) checkLedger(ledger, rows, records);
    const buckets = await checkRollups(connection, { rows, records });
    verify(database, records);
    return { rows: rows.length, buckets };
  } finally {
    connection.destroy();
  }
}

/** Starts a system, injects a schedule of faults, and checks the stored rows. */
export async function runRound({ seed, program = apiProgram, signal }: RoundOptions): Promise<RoundReport> {
  const started = performance.now();
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-faults-'));
  const cleanUps: (() => unknown)[] = [];
  const records = createRecords();
  const progress = createProgress({ now: () => performance.now(), stuckMs });
  signal?.addEventListener('abort', () => progress.abort(new Error('the run was stopped')));
  try {
    const server = findServerProgram();
    const system = await startSystem({ directory, server, program, progress, cleanUps });
    const all = createSchedule(seed);
    const faults = system.disk ? all : all.filter(({ kind }) => kind !== 'fill the disk');
    const injected: Partial<Record<FaultKind, number>> = {};
    const onFault = (fault: Fault) => {
      injected[fault.kind] = (injected[fault.kind] ?? 0) + 1;
      const when = `${new Date().toISOString()} after ${progress.answers()} answers, ${progress.failures()} failures`;
      appendFileSync(join(directory, 'faults.log'), `${when}: ${JSON.stringify(fault)}\n`);
    };
    await runFaults(system, { seed, faults, records, onFault });
    const stored = await checkStored(system, records);
    const entries = [...records.entries.values()];
    const broken = records.broken();
    return {
      seed,
      server: `${server.isMariadb ? 'MariaDB' : 'MySQL'} ${server.version}`,
      sent: entries.length,
      answered: entries.filter(({ answer }) => answer).length,
      failedAttempts: progress.failures(),
      injected,
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
    if (Object.keys(records.broken()).length === 0) rmSync(directory, { recursive: true });
  }
}
