import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireServerProgram } from '@sensor-sentinel/start/required-programs.ts';
import { createRandom } from '../testing/random.ts';
import { checkRollups, waitUntilFolded } from './check-rollups.ts';
import { runClient } from './client.ts';
import { injectFault } from './inject-fault.ts';
import { createRecords, type Records } from './records.ts';
import { createSchedule, type Fault } from './schedule.ts';
import { checkLedger, checkReadings, connectExactly, listStoredRows, readLedger } from './stored-readings.ts';
import { type System, startSystem } from './system.ts';

const clientCount = 8;
/** Readings to be answered after the last fault. */
const answersAtEnd = 500;

export interface RoundReport {
  /** How often the API and the database were killed. */
  kills: { api: number; database: number };
  answered: number;
  /** Violations per broken invariant; empty when all is well. */
  broken: Record<string, string[]>;
  summary: string;
}

interface FaultsOptions {
  seed: number;
  faults: readonly Fault[];
  records: Records;
  onFault: (fault: Fault) => void;
}

/** Lets clients send while faults are injected one by one; resolves when everything is answered, or the system is stuck. */
async function runFaults(system: System, { seed, faults, records, onFault }: FaultsOptions): Promise<void> {
  const { progress, replicas } = system;
  let [isOver, isEnded, last] = [false, false, 'the start'];
  const clients = Array.from({ length: clientCount }, (_, index) => {
    const random = createRandom(seed * clientCount + index);
    const client = { urls: [replicas[0].url, replicas[1].url] as const, records, progress, random };
    return runClient(client, () => isOver).catch((error) => progress.abort(error));
  });

  async function answerMore(count: number): Promise<void> {
    const target = progress.answers + count;
    await progress.until(() => progress.answers >= target);
  }

  async function injectAll(): Promise<void> {
    for (const fault of faults) {
      await answerMore(fault.afterAnswers);
      const before = progress.duplicates;
      if (fault.onDuplicate) await progress.until(() => progress.duplicates > before);
      last = fault.kind;
      onFault(fault);
      await injectFault(system, fault);
    }
    await Promise.all(replicas.map(({ ready }) => ready()));
    await answerMore(answersAtEnd);
    isOver = true;
    await Promise.all(clients);
    isEnded = true;
  }

  try {
    await Promise.race([injectAll(), progress.until(() => isEnded)]);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    records.note('recovery', `after "${last}": ${reason.message}`);
    progress.abort(reason);
    await Promise.all(clients);
  }
}

async function fold(adminUrl: string, records: Records): Promise<void> {
  const connection = await connectExactly(adminUrl);
  await waitUntilFolded(connection).catch((error) => records.note('recovery', String(error)));
  connection.destroy();
}

/** Stops the APIs, kills the database, and checks its rows after a restart. */
async function checkStored({ database, replicas, progress }: System, records: Records) {
  const ledger = progress.aborted ? undefined : await readLedger(replicas[0].url);
  if (!progress.aborted) await fold(database.adminUrl, records);
  for (const ended of await Promise.all(replicas.map(({ stop }) => stop()))) {
    if (ended !== 'exit code 0' && !progress.aborted)
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
    database.verify();
    return `${rows.length} rows and ${buckets} rollup buckets compared`;
  } catch (error) {
    records.note('rollups', String(error));
    return 'the rows could not be compared';
  } finally {
    connection.destroy();
  }
}

/** Starts a system, injects a schedule of faults, and checks the stored rows. */
export async function runRound(seed: number): Promise<RoundReport> {
  const started = performance.now();
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-faults-'));
  const cleanUps: (() => unknown)[] = [];
  const records = createRecords();
  try {
    const program = requireServerProgram(console.log);
    const system = await startSystem({ directory, program, cleanUps });
    const { progress, disk } = system;
    // Only root may mount a small disk.
    const faults = createSchedule(seed).filter(({ kind }) => disk || kind !== 'fill the disk');
    const injected: Fault['kind'][] = [];
    const onFault = (fault: Fault) => {
      injected.push(fault.kind);
      const when = `${new Date().toISOString()} after ${progress.answers} answers, ${progress.failures} failures`;
      appendFileSync(join(directory, 'faults.log'), `${when}: ${JSON.stringify(fault)}\n`);
    };
    await runFaults(system, { seed, faults, records, onFault });
    const compared = await checkStored(system, records);
    const broken = records.broken();
    const count = (...kinds: string[]) => injected.filter((kind) => kinds.includes(kind)).length;
    const kills = {
      api: count('kill the API', 'kill everything'),
      database: count('kill the database', 'kill everything'),
    };
    const entries = [...records.entries.values()];
    const answered = entries.filter(({ answer }) => answer).length;
    const toSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    const summary = [
      `seed ${seed} on ${program.flavour} ${program.version}, two APIs, ${toSeconds(performance.now() - started)}:`,
      `${entries.length} readings sent, ${answered} answered 200; ${progress.failures} attempts failed`,
      `API killed ${kills.api} times, database ${kills.database} times; longest time without an answer ${toSeconds(progress.longestOutageMs)}`,
      ...[...new Set(injected)].map((kind) => `  ${String(count(kind)).padStart(3)} × ${kind}`),
      ...(disk ? [] : ['  no full disk: only root may mount a small one']),
      compared,
      ...(Object.keys(broken).length > 0 ? [`logs: ${directory}`] : []),
    ];
    return { kills, answered, broken, summary: summary.join('\n  ') };
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    rmSync(join(directory, 'disk'), { recursive: true, force: true });
    if (Object.keys(records.broken()).length === 0) rmSync(directory, { recursive: true });
  }
}
