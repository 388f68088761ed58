import type { Pool } from 'mysql2/promise';
import { change, selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../storage/sql-values.ts';

/** One decision of an operator which model serves. */
export interface StoredActivation {
  /** Rises with every activation: the highest counts. */
  seq: number;
  model: string;
  previous: string | null;
  /** What MODEL_NAME was at that moment. */
  configured: string;
  activated_at: string;
}

/** What the replay gate found. */
export interface GateFigures {
  readings: number;
  changed: number;
  max_changed: number;
}

export async function findLastActivation(pool: Pool): Promise<StoredActivation | undefined> {
  const sql =
    'SELECT seq, model, previous, configured, activated_at FROM model_activations ORDER BY seq DESC LIMIT 1';
  const [row] = await selectRows<StoredActivation>(pool, { sql });
  return row && { ...row, activated_at: fromSqlTimestamp(row.activated_at) };
}

/** Resolves after the commit. */
export async function insertActivation(
  pool: Pool,
  activation: Omit<StoredActivation, 'seq'> & GateFigures,
): Promise<StoredActivation> {
  const { model, previous, configured, activated_at, readings, changed, max_changed } = activation;
  const sql = `INSERT INTO model_activations
    (model, previous, configured, activated_at, readings, changed, max_changed) VALUES (?)`;
  const values = [model, previous, configured, toSqlTimestamp(activated_at), readings, changed, max_changed];
  const { insertId: seq } = (await change(pool, { sql, values: [values] })) as { insertId: number }; // what mysql2 answers to an INSERT
  return { seq, model, previous, configured, activated_at };
}
