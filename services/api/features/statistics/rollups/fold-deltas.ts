import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { groupBy } from '../../../group-by.ts';
import { logFailures } from '../../../log-failures.ts';
import { inTransaction, type Select, type Statement, type Transaction } from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';
import { findChangedStates, type StatesOptions, toStatesStatements } from '../../sensors/sensor-states.ts';
import {
  type Bucket,
  type BucketRow,
  Buckets,
  type RollupTable,
  rollupLevels,
  toBucket,
  toCoarser,
  toRollupStatement,
} from './buckets.ts';
import { type Delta, listDeltas } from './deltas.ts';
import { maxUnlistedReadings } from './extremes.ts';
import { toDueStatement } from './extremes-due.ts';
import { fromDocument, mergeInto } from './rollup.ts';

/** How often waiting deltas are folded. */
export const foldIntervalMs = 500;

/** Deltas of one transaction. */
const maxDeltas = 500;
const bucketsPerStatement = 1000;

interface FoldOptions {
  /** For transactions. */
  pool: Pool;
  log: Logger;
}

/** Folds deltas at each call. Never rejects. */
export function createFold({ pool, log }: FoldOptions): () => Promise<void> {
  return logFailures(() => foldDeltas(pool), log, 'the rollups cannot be updated; retrying');
}

/** Moves the deltas into the rollups and the states of sensors, unless another process is doing so. */
export async function foldDeltas(pool: Pool): Promise<void> {
  let folded = maxDeltas;
  while (folded === maxDeltas) folded = await inTransaction(pool, foldSome);
}

async function foldSome(transaction: Transaction): Promise<number> {
  const [lock] = await transaction.select({ sql: 'SELECT id FROM fold_lock FOR UPDATE SKIP LOCKED' });
  return lock === undefined ? 0 : foldWaiting(transaction, maxDeltas);
}

/** Folds deltas, and marks the hours that need other lists of extremes. The caller holds the lock. */
export async function foldWaiting(transaction: Transaction, limit?: number): Promise<number> {
  const deltas = await listDeltas(transaction.select, { limit });
  const hours = await foldInto(transaction, deltas);
  const due = hours.filter(
    ({ sensor, rollup }) => sensor === allSensors && rollup.count > maxUnlistedReadings,
  );
  // Last: these rows are locked until the commit, and the builder of lists deletes some of them.
  if (due.length > 0) await transaction.change(toDueStatement(due));
  return deltas.length;
}

/** Adds the deltas to the stored rollups and states, and deletes them. Returns the changed buckets of the coarsest level. */
export async function foldInto(
  { select, change }: Transaction,
  deltas: readonly Delta[],
  { levels = rollupLevels, ...options }: StatesOptions & { levels?: typeof rollupLevels } = {},
): Promise<readonly Bucket[]> {
  if (deltas.length === 0) return [];
  const minutes = toMinutes(deltas);
  const added = levels.map(({ table, toStart }) => ({ table, buckets: toCoarser(minutes, toStart) }));
  const rollupStatements: Statement[] = [];
  for (const { table, buckets } of added)
    rollupStatements.push(...(await toMergedStatements(select, table, buckets)));
  const statements = [
    ...rollupStatements,
    ...toStatesStatements([...(await findChangedStates(select, deltas, options)).values()], options),
    { sql: 'DELETE FROM rollup_deltas WHERE seq IN (?)', values: [deltas.map(({ seq }) => seq)] },
  ];
  for (const statement of statements) await change(statement);
  return added.at(-1)?.buckets ?? [];
}

/** What deltas add to the minutes of each sensor, and of all sensors. */
function toMinutes(deltas: readonly Delta[]): Bucket[] {
  const buckets = new Buckets();
  for (const { type, sensor, minutes } of deltas.flatMap(({ sensors }) => sensors)) {
    for (const { bucket, rollup } of minutes) {
      const part = fromDocument(rollup);
      for (const key of [sensor, allSensors]) mergeInto(buckets.at({ type, sensor: key }, bucket), part);
    }
  }
  return buckets.list();
}

/** Also merges what is stored into `added`. */
async function toMergedStatements(
  select: Select,
  table: RollupTable,
  added: readonly Bucket[],
): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (let start = 0; start < added.length; start += bucketsPerStatement) {
    const some = added.slice(start, start + bucketsPerStatement);
    const byKey = new Map(some.map((bucket) => [toKey(bucket), bucket.rollup]));
    for (const stored of await findBuckets(select, table, some)) {
      const rollup = byKey.get(toKey(stored));
      if (rollup !== undefined) mergeInto(rollup, stored.rollup);
    }
    statements.push(toRollupStatement(table, some));
  }
  return statements;
}

type BucketKey = Pick<Bucket, 'type' | 'sensor' | 'bucket'>;

function toKey({ type, sensor, bucket }: BucketKey): string {
  return `${type} ${sensor} ${bucket}`;
}

/**
 * The stored rollups of these sensors and buckets. One SELECT per minute with its sensors, or per sensor with its
 * minutes, whichever are fewer: MariaDB does not search an index for pairs.
 */
async function findBuckets(
  select: Select,
  table: RollupTable,
  keys: readonly BucketKey[],
): Promise<Bucket[]> {
  const selects = [...groupBy(keys, ({ type }) => type)].flatMap(([type, ofType]) =>
    toSelects(table, type, ofType),
  );
  const rows = await select<BucketRow>({
    sql: selects.map(({ sql }) => sql).join(' UNION ALL '),
    values: selects.flatMap(({ values = [] }) => values),
  });
  return rows.map(toBucket);
}

function toSelects(table: RollupTable, type: number, keys: readonly BucketKey[]): Statement[] {
  const bySensor = groupBy(keys, ({ sensor }) => sensor);
  const byBucket = groupBy(keys, ({ bucket }) => bucket);
  const columns = `SELECT type, sensor, bucket, rollup FROM ${table} WHERE type = ${type}`;
  return byBucket.size <= bySensor.size
    ? Array.from(byBucket, ([bucket, some]) => ({
        sql: `${columns} AND bucket = ? AND sensor IN (?)`,
        values: [bucket, some.map(({ sensor }) => sensor)],
      }))
    : Array.from(bySensor, ([sensor, some]) => ({
        sql: `${columns} AND sensor = ? AND bucket IN (?)`,
        values: [sensor, some.map(({ bucket }) => bucket)],
      }));
}
