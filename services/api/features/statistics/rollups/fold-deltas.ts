import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { inTransaction, type Statement, type Transaction } from '../../../storage/connection.ts';
import { mergeParts } from './rollup.ts';
import { type RollupRow, rollupColumns, toRollup, toRollupStatement } from './rollup-sql.ts';

/** Deltas of one transaction. */
const maxDeltas = 2000;

interface FoldOptions {
  /** For transactions. */
  pool: Pool;
  /** The shard of the rollups that this process writes to. */
  shard: number;
  log: Logger;
}

/** Folds deltas at each call, and logs the first of consecutive failures. Never rejects. */
export function createFold({ pool, shard, log }: FoldOptions): () => Promise<void> {
  let isFailing = false;
  return async () => {
    try {
      await foldDeltas(pool, shard);
      isFailing = false;
    } catch (err) {
      if (!isFailing) log.warn({ err }, 'the rollups cannot be updated; retrying');
      isFailing = true;
    }
  };
}

/** Moves the deltas into the rollups and the ledger, except those that another process has locked. */
export async function foldDeltas(pool: Pool, shard: number): Promise<void> {
  let folded = maxDeltas;
  while (folded === maxDeltas)
    folded = await inTransaction(pool, (transaction) => foldSome(transaction, shard));
}

async function foldSome({ select, change }: Transaction, shard: number): Promise<number> {
  const sql = `${deltasSql} LIMIT ? FOR UPDATE SKIP LOCKED`;
  const deltas = await select<DeltaRow>({ sql, values: [maxDeltas] });
  for (const statement of toFoldStatements(deltas, shard)) await change(statement);
  return deltas.length;
}

export interface DeltaRow extends RollupRow {
  seq: number;
  late: number;
  newest: string;
}

export const deltasSql = `SELECT seq, sensor_id, bucket, ${rollupColumns}, late, newest FROM rollup_deltas ORDER BY seq`;

/** The statements that move these deltas into the rollups and the ledger. */
export function toFoldStatements(deltas: readonly DeltaRow[], shard: number): Statement[] {
  if (deltas.length === 0) return [];
  const { minute, hour } = mergeParts(deltas.map(toRollup));
  return [
    toRollupStatement('readings_minute', minute, shard),
    toRollupStatement('readings_hour', hour, shard),
    toLedgerStatement(deltas, shard),
    { sql: 'DELETE FROM rollup_deltas WHERE seq IN (?)', values: [deltas.map(({ seq }) => seq)] },
  ];
}

interface StoredCounts {
  stored: number;
  late: number;
  newest: string;
}

const ledgerSql = `INSERT INTO ledger_stored (sensor_id, shard, \`stored\`, late, newest) VALUES ?
  ON DUPLICATE KEY UPDATE \`stored\` = \`stored\` + VALUES(\`stored\`), late = late + VALUES(late),
    newest = GREATEST(newest, VALUES(newest))`;

function toLedgerStatement(deltas: readonly DeltaRow[], shard: number): Statement {
  const bySensor = new Map<string, StoredCounts>();
  for (const { sensor_id, count, late, newest } of deltas) {
    const known = bySensor.get(sensor_id);
    bySensor.set(sensor_id, {
      stored: (known?.stored ?? 0) + count,
      late: (known?.late ?? 0) + late,
      newest: known && known.newest > newest ? known.newest : newest,
    });
  }
  const rows = [...bySensor].sort(([a], [b]) => (a < b ? -1 : 1));
  const values = rows.map(([sensor, { stored, late, newest }]) => [sensor, shard, stored, late, newest]);
  return { sql: ledgerSql, values: [values] };
}
