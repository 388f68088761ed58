import type { Pool } from 'mysql2/promise';
import { change, selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../storage/sql-values.ts';

/** One activation of a model. */
export interface StoredActivation {
  /** Increases with every activation; the highest one applies. */
  seq: number;
  /** The key of the type. */
  type: number;
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

/** The newest activation of each type. @throws StorageError */
export async function listLastActivations(pool: Pool): Promise<StoredActivation[]> {
  const sql = `SELECT seq, type, model, previous, configured, activated_at FROM model_activations
    WHERE seq IN (SELECT MAX(seq) FROM model_activations GROUP BY type)`;
  const rows = await selectRows<StoredActivation>(pool, { sql });
  return rows.map((row) => ({ ...row, activated_at: fromSqlTimestamp(row.activated_at) }));
}

/** Stores an activation. Resolves after the commit. @throws StorageError */
export async function insertActivation(
  pool: Pool,
  activation: Omit<StoredActivation, 'seq'> & GateFigures,
): Promise<StoredActivation> {
  const { type, model, previous, configured, activated_at, readings, changed, max_changed } = activation;
  const sql = `INSERT INTO model_activations
    (type, model, previous, configured, activated_at, readings, changed, max_changed) VALUES (?)`;
  const figures = [readings, changed, max_changed];
  const values = [type, model, previous, configured, toSqlTimestamp(activated_at), ...figures];
  const { insertId: seq } = (await change(pool, { sql, values: [values] })) as { insertId: number }; // mysql2's result of an INSERT
  return { seq, type, model, previous, configured, activated_at };
}
