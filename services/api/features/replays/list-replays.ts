import {
  latencyHistogramSchema,
  type Replay,
  type ReplayOutcomes,
  type Replays,
  type SenderLoad,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inTransaction, type Transaction } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';
import { toNewestLoop } from './frontier.ts';
import { activeSince } from './leases.ts';
import { mergeLoads } from './merge-loads.ts';
import { addOutcomes, countRows, selectedOutcomes, summedOutcomes, toAnsweredOutcomes } from './outcomes.ts';
import { type ReplayRow, replayColumns } from './replays.ts';

const maxReplays = 100;
const maxSenders = 100;

/** The newest replays, or the one with the given name, each with its most recently seen senders. */
export async function listReplays(pool: Pool, name?: string): Promise<Replays> {
  const found = await inTransaction(pool, (transaction) => readTables(transaction, name));
  return {
    as_of: fromSqlTimestamp(found.now),
    replays: found.replays.map((row) => toReplay(row, found)),
  };
}

type SenderRow = ReplayOutcomes & { [Name in keyof SenderLoad]: SenderLoad[Name] | null } & {
  replay_id: Buffer;
  sender: string;
  /** JSON; null if the sender does not report latencies. */
  latencies: string | null;
  first_seen: string;
  last_seen: string;
  is_active: 0 | 1;
};

/** The outcomes of leases that have not ended. */
type OpenRow = ReplayOutcomes & { replay_id: Buffer; sender: string };

interface Found {
  now: string;
  replays: readonly ReplayRow[];
  senders: readonly SenderRow[];
  open: readonly OpenRow[];
}

const nowSql = 'SELECT NOW(3) AS now';

const newestSql = `SELECT ${replayColumns} FROM replays ORDER BY started_at DESC, name LIMIT ${maxReplays}`;

const namedSql = `SELECT ${replayColumns} FROM replays WHERE name = ?`;

const sendersSql = `SELECT * FROM (
    SELECT replay_id, sender, ${selectedOutcomes}, offered_per_second, accepted_per_second, shed, p50_ms, p99_ms,
      latencies, first_seen, last_seen, last_seen > ${activeSince} AS is_active,
      ROW_NUMBER() OVER (PARTITION BY replay_id ORDER BY last_seen DESC, sender) AS place
    FROM replay_senders WHERE replay_id IN (?)) AS ranked
  WHERE place <= ${maxSenders} ORDER BY place`;

const openSql = `SELECT replay_id, sender, ${summedOutcomes} FROM replay_chunks
  WHERE replay_id IN (?) AND sender IS NOT NULL GROUP BY replay_id, sender`;

/** All SELECTs see the same state of the database. */
async function readTables({ select }: Transaction, name: string | undefined): Promise<Found> {
  const statement = name === undefined ? { sql: newestSql } : { sql: namedSql, values: [name] };
  const replays = await select<ReplayRow>(statement);
  const [clock] = await select<{ now: string }>({ sql: nowSql });
  if (!clock) throw new Error('SELECT NOW(3) returned no row');
  const found = { now: clock.now, replays };
  if (replays.length === 0) return { ...found, senders: [], open: [] };
  const values = [replays.map(({ id }) => id)];
  return {
    ...found,
    senders: await select<SenderRow>({ sql: sendersSql, values }),
    open: await select<OpenRow>({ sql: openSql, values }),
  };
}

function toReplay(row: ReplayRow, found: Found): Replay {
  const open = found.open.filter(({ replay_id }) => replay_id.equals(row.id));
  const senders = found.senders.filter(({ replay_id }) => replay_id.equals(row.id));
  const outcomes = open.reduce<ReplayOutcomes>(addOutcomes, row);
  const isRunning = senders.some(({ is_active }) => is_active === 1);
  const doneRows = countRows(outcomes);
  const unfinished = isRunning ? 'running' : 'idle';
  return {
    name: row.name,
    replay_id: fromSqlId(row.id),
    file_name: row.file_name,
    type: row.type,
    state: row.finished_at === null ? unfinished : 'finished',
    loops: row.loops,
    loop: toNewestLoop(row),
    total_rows: row.total_rows,
    done_rows: doneRows,
    ...toAnsweredOutcomes(outcomes),
    taken_over: row.taken_over,
    load: mergeLoads(senders.map(toReport)),
    started_at: fromSqlTimestamp(row.started_at),
    finished_at: row.finished_at === null ? null : fromSqlTimestamp(row.finished_at),
    senders: senders.map((sender) => toSender(sender, open, doneRows)),
  };
}

function toSender(row: SenderRow, open: readonly OpenRow[], doneRows: number): Replay['senders'][number] {
  const outcomes = open
    .filter(({ sender }) => sender === row.sender)
    .reduce<ReplayOutcomes>(addOutcomes, row);
  const rows = countRows(outcomes);
  return {
    sender: row.sender,
    state: row.is_active === 1 ? 'active' : 'gone',
    rows,
    share: doneRows === 0 ? null : rows / doneRows,
    ...toAnsweredOutcomes(outcomes),
    load: toLoad(row),
    first_seen: fromSqlTimestamp(row.first_seen),
    last_seen: fromSqlTimestamp(row.last_seen),
  };
}

function toLoad({ offered_per_second, accepted_per_second, shed, p50_ms, p99_ms }: SenderRow) {
  if (offered_per_second === null || accepted_per_second === null || shed === null) return null;
  return { offered_per_second, accepted_per_second, shed, p50_ms, p99_ms };
}

function toReport(row: SenderRow) {
  const latencies = row.latencies === null ? null : latencyHistogramSchema.parse(JSON.parse(row.latencies));
  return { isActive: row.is_active === 1, load: toLoad(row), latencies };
}
