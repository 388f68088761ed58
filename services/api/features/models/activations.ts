import type { Pool } from 'mysql2/promise';
import { change, selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../storage/sql-values.ts';

/** One activation of a model. */
export interface StoredActivation {
  /** Increases with every activation; the highest one applies. */
  seq: number;
  model: string;
  previous: string | null;
  /** MODEL_NAME at the time of the activation. */
  configured: string;
  activated_at: string;
}

/** The result of the activation gate. */
interface GateFigures {
  readings: number;
  changed: number;
  max_changed: number;
}

/** The newest activation; undefined if there is none. @throws StorageError */
export async function findLastActivation(pool: Pool): Promise<StoredActivation | undefined> {
  const sql =
    'SELECT seq, model, previous, configured, activated_at FROM model_activations ORDER BY seq DESC LIMIT 1';
  const [row] = await selectRows<StoredActivation>(pool, { sql });
  return row && { ...row, activated_at: fromSqlTimestamp(row.activated_at) };
}

/** Stores an activation. Resolves after the commit. @throws StorageError */
export async function insertActivation(
  pool: Pool,
  activation: Omit<StoredActivation, 'seq'> & GateFigures,
): Promise<StoredActivation> {
  const { model, previous, configured, activated_at, readings, changed, max_changed } = activation;
  const sql = `INSERT INTO model_activations
    (model, previous, configured, activated_at, readings, changed, max_changed) VALUES (?)`;
  const values = [model, previous, configured, toSqlTimestamp(activated_at), readings, changed, max_changed];
  const { insertId: seq } = (await change(pool, { sql, values: [values] })) as { insertId: number }; // mysql2's result of an INSERT
  return { seq, model, previous, configured, activated_at };
}
