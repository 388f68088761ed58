import {
  type Incident,
  type IncidentAck,
  type IncidentComment,
  maxFeedbackEntries,
  maxIncidentFeedback,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { inTransaction, type Statement, selectRows, type Transaction } from '../../storage/connection.ts';
import { fromSqlId, toSqlId, toSqlTimestamp } from '../../storage/sql-values.ts';
import { insertFeedback } from '../feedback/feedback-rows.ts';
import type { ToChangeStatements } from './incident-changes.ts';
import {
  findIncidentsByIds,
  type IncidentRow,
  incidentColumns,
  incidentTables,
  toCommentStatement,
} from './incident-rows.ts';

interface ChangeOptions {
  /** For transactions. */
  pool: Pool;
  id: string;
  at: Date;
}

/** @throws ApiError `not_found`; StorageError */
export async function requireIncident(pool: Pool, id: string): Promise<Incident> {
  const [incident] = await findIncidentsByIds(pool, [id]);
  if (incident === undefined) throw toMissingIncident(id);
  return incident;
}

/** Acknowledges an incident. The newest acknowledgment counts. @throws ApiError `not_found`; StorageError */
export function acknowledgeIncident(options: ChangeOptions, { by, comment }: IncidentAck): Promise<void> {
  const { pool, id, at } = options;
  return inTransaction(pool, async (transaction) => {
    await lockIncident(transaction, id);
    const sql = `UPDATE incidents SET acknowledged_at = ?, acknowledged_by = ?, acknowledged_comment = ? WHERE id = ?`;
    await transaction.change({ sql, values: [toTime(at), by, comment, toSqlId(id)] });
  });
}

/** Ends a firing incident; one that has ended stays as it is. @throws ApiError `not_found`; StorageError */
export function resolveIncident(
  { pool, id, at }: ChangeOptions,
  by: string,
  toChangeStatements: ToChangeStatements,
): Promise<void> {
  return inTransaction(pool, async (transaction) => {
    const { firing, rule, severity } = await lockIncident(transaction, id);
    if (firing === 0) return;
    const statements: Statement[] = [
      {
        sql: 'UPDATE incidents SET resolved_at = ?, resolved_by = ? WHERE id = ?',
        values: [toTime(at), by, toSqlId(id)],
      },
      ...toChangeStatements([{ id, rule, severity, state: 'cleared' }]),
    ];
    for (const statement of statements) await transaction.change(statement);
  });
}

/** @throws ApiError `not_found`; StorageError */
export function commentOnIncident({ pool, id, at }: ChangeOptions, comment: IncidentComment): Promise<void> {
  return inTransaction(pool, async (transaction) => {
    await lockIncident(transaction, id);
    await transaction.change(toCommentStatement(id, comment, at));
  });
}

/**
 * Stores feedback on the newest anomalies of an incident, at most `maxIncidentFeedback`. Resolves to their number. A retry
 * after an error stores the rest.
 * @param shard as in `insertFeedback`
 * @throws ApiError `not_found`; StorageError
 */
export async function giveFeedback(
  { pool, id, at }: ChangeOptions,
  label: 0 | 1,
  shard: number,
): Promise<number> {
  const ids = await listAnomalies(pool, id);
  let labeled = 0;
  for (let start = 0; start < ids.length; start += maxFeedbackEntries) {
    const feedback = ids.slice(start, start + maxFeedbackEntries).map((reading) => {
      return { id: reading, label, source: 'person' as const, decided_at: at.toISOString() };
    });
    labeled += (await insertFeedback(pool, feedback, shard)).size;
  }
  await inTransaction(pool, async (transaction) => {
    await lockIncident(transaction, id);
    await transaction.change({
      sql: 'UPDATE incidents SET feedback = ? WHERE id = ?',
      values: [label, toSqlId(id)],
    });
  });
  return labeled;
}

/** The ids of the anomalies of the incident's sensor, by timestamp, the newest first. */
async function listAnomalies(pool: Pool, id: string): Promise<string[]> {
  const sql = `SELECT readings.id FROM incidents
    STRAIGHT_JOIN anomalies FORCE INDEX (anomalies_sensor_timestamp) ON anomalies.sensor = incidents.sensor
      AND anomalies.timestamp BETWEEN incidents.started_at AND COALESCE(incidents.cleared_at, incidents.last_seen_at)
    STRAIGHT_JOIN readings ON readings.seq = anomalies.seq
    WHERE incidents.id = ? ORDER BY anomalies.timestamp DESC, anomalies.seq DESC LIMIT ?`;
  const rows = await selectRows<{ id: Buffer }>(pool, { sql, values: [toSqlId(id), maxIncidentFeedback] });
  return rows.map((row) => fromSqlId(row.id));
}

async function lockIncident({ select }: Transaction, id: string): Promise<IncidentRow> {
  const [locked] = await select({
    sql: 'SELECT id FROM incidents WHERE id = ? FOR UPDATE',
    values: [toSqlId(id)],
  });
  const sql = `SELECT ${incidentColumns} FROM ${incidentTables} WHERE incidents.id = ?`;
  const [row] = locked ? await select<IncidentRow>({ sql, values: [toSqlId(id)] }) : [];
  if (row === undefined) throw toMissingIncident(id);
  return row;
}

function toMissingIncident(id: string): ApiError {
  return new ApiError('not_found', {
    detail: `There is no incident ${id}. GET /incidents lists all incidents.`,
  });
}

function toTime(at: Date): string {
  return toSqlTimestamp(at.toISOString());
}
