import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Statement, Transaction } from '../connection.ts';

/** The key of the last copied row. */
export type Position = readonly (string | number)[];

/** One transaction of a step. */
export interface Batch {
  /** Undefined at the start of the step. */
  after: Position | undefined;
  /** The maximal number of rows. */
  limit: number;
}

export interface Copied {
  rows: number;
  /** The end of this batch; undefined if it was the last one. */
  last: Position | undefined;
  /** What share of the step is done, if it is known. */
  share?: number;
}

/** Copies rows in order of a key. The old rows do not change meanwhile, so that each attempt at a batch copies the same. */
export interface CopyStep {
  /** As in `copying readings: 43 %`. */
  name: string;
  copy: (transaction: Transaction, batch: Batch) => Promise<Copied>;
}

interface StepState {
  position: Position | undefined;
  isDone: boolean;
}

const table = 'upgrade_progress';
const reportIntervalMs = 3000;

export async function createProgress(connection: Connection): Promise<void> {
  await connection.query(`CREATE TABLE IF NOT EXISTS ${table} (
    step VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    last_key TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    is_done TINYINT NOT NULL) ENGINE = InnoDB`);
}

/** Removes what is known of an upgrade that has finished. */
export async function dropProgress(connection: Connection): Promise<void> {
  await connection.query(`DROP TABLE IF EXISTS ${table}`);
}

/** Runs a step that changes tables, unless it is recorded. It runs again if the record is lost. */
export async function runOnce(
  connection: Connection,
  step: string,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  if ((await findState(connection, step)).isDone) return;
  await work(connection);
  await writeState(connection, step, undefined);
}

interface CopyOptions {
  limit: number;
  say: (line: string) => void;
}

/** Copies what is left of a step. Each transaction also records its position. */
export async function runCopy(
  connection: Connection,
  { name, copy }: CopyStep,
  { limit, say }: CopyOptions,
): Promise<void> {
  const transaction = toTransaction(connection);
  const start = performance.now();
  let { position, isDone } = await findState(connection, name);
  let [reportedAt, rows] = [start, 0];
  let firstShare: number | undefined;
  while (!isDone) {
    await connection.query('START TRANSACTION');
    const copied = await copy(transaction, { after: position, limit });
    await writeState(connection, name, copied.last);
    await connection.query('COMMIT');
    position = copied.last;
    isDone = position === undefined;
    rows += copied.rows;
    firstShare ??= copied.share;
    const now = performance.now();
    if (isDone || now - reportedAt < reportIntervalMs) continue;
    reportedAt = now;
    say(`copying ${name}: ${toAmount({ rows, firstShare, share: copied.share, elapsedMs: now - start })}`);
  }
}

interface Amount {
  rows: number;
  share: number | undefined;
  /** The share after the first batch of this run. */
  firstShare: number | undefined;
  elapsedMs: number;
}

/** `43 %, about 5 minutes left`, or the number of rows if the share is unknown. */
export function toAmount({ rows, share, firstShare = 0, elapsedMs }: Amount): string {
  if (share === undefined) return `${rows} rows`;
  const percent = `${Math.floor(share * 100)} %`;
  if (share <= firstShare) return percent;
  const leftMs = (elapsedMs * (1 - share)) / (share - firstShare);
  return `${percent}, about ${toDuration(leftMs)} left`;
}

/** `5 minutes` */
export function toDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 100) return toQuantity(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? toQuantity(minutes, 'minute') : toQuantity(Math.round(minutes / 60), 'hour');
}

function toQuantity(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

async function findState(connection: Connection, step: string): Promise<StepState> {
  const sql = `SELECT last_key, is_done FROM ${table} WHERE step = ?`;
  const [[row]] = await connection.query<RowDataPacket[]>(sql, [step]);
  const position = typeof row?.last_key === 'string' ? (JSON.parse(row.last_key) as Position) : undefined;
  return { position, isDone: row?.is_done === 1 };
}

/** A step without a position is done. */
async function writeState(
  connection: Connection,
  step: string,
  position: Position | undefined,
): Promise<void> {
  const sql = `REPLACE INTO ${table} (step, last_key, is_done) VALUES (?, ?, ?)`;
  const isDone = position === undefined;
  await connection.query(sql, [step, isDone ? null : JSON.stringify(position), isDone ? 1 : 0]);
}

/** For the connection's own transaction. Unlike the statements of a pool, these have no time limit. */
function toTransaction(connection: Connection): Transaction {
  return {
    select: async <Row>({ sql, values = [] }: Statement) => {
      const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
      return rows as Row[]; // mysql2 does not check the row type
    },
    change: async ({ sql, values = [] }) => {
      const [{ affectedRows }] = await connection.query<ResultSetHeader>(sql, [...values]);
      return affectedRows;
    },
  };
}
