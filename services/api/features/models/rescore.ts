import type { Pool } from 'mysql2/promise';
import { inTransaction, type Statement, selectRows } from '../../storage/connection.ts';
import type { StorageKeys } from '../../storage/keys.ts';
import { toSqlTime } from '../../storage/sql-values.ts';
import { type LabelChange, toHourStatement } from '../feedback/confusion.ts';
import { parseValues } from '../readings/reading-row.ts';
import { Buckets } from '../statistics/rollups/buckets.ts';
import { toScoresStatement } from '../statistics/rollups/deltas.ts';
import { addScore, toMinuteOfSql } from '../statistics/rollups/rollup.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { BoundModel, ScoredBy } from './served-model.ts';

interface RescoreOptions {
  /** For transactions. */
  pool: Pool;
  type: LoadedType;
  model: Pick<BoundModel, 'name' | 'acceptsMissing' | 'score'>;
  models: StorageKeys['models'];
  /** Readings with a timestamp from this time on, in ms since the epoch. */
  sinceMs: number;
  /** Called after each transaction. */
  onProgress: (counts: RescoreCounts) => void;
}

export interface RescoreCounts {
  /** Readings that got a prediction. */
  scored: number;
  anomalies: number;
  /** Readings that lack a value which the model needs: they stay without a prediction. */
  incomplete: number;
}

interface UnscoredRow {
  seq: number;
  sensor: number;
  timestamp: string;
  /** JSON */
  features: string;
}

const rowsPerTransaction = 1000;

/**
 * Scores the stored readings that have no prediction, in steps that can be interrupted and repeated. Statistics and the
 * comparison with feedback change in the transaction that stores the predictions. Readings may arrive meanwhile.
 * @throws StorageError
 */
export async function rescoreReadings(options: RescoreOptions): Promise<RescoreCounts> {
  const counts: RescoreCounts = { scored: 0, anomalies: 0, incomplete: 0 };
  let after = { timestamp: toSqlTime(options.sinceMs), seq: 0 };
  await options.models.learn(new Set([options.model.name]));
  for (;;) {
    const rows = await listUnscored(options, after);
    const last = rows.at(-1);
    if (last === undefined) return counts;
    const scored = scoreRows(rows, options);
    counts.incomplete += rows.length - scored.length;
    const stored = scored.length === 0 ? [] : await storeScores(scored, options);
    counts.scored += stored.length;
    counts.anomalies += stored.filter(({ prediction }) => prediction === 1).length;
    options.onProgress(counts);
    after = last;
  }
}

function listUnscored(
  { pool, type }: RescoreOptions,
  after: Pick<UnscoredRow, 'timestamp' | 'seq'>,
): Promise<UnscoredRow[]> {
  const sql = `SELECT seq, sensor, timestamp, features FROM readings FORCE INDEX (readings_type_timestamp)
    WHERE type = ? AND timestamp >= ? AND (timestamp > ? OR seq > ?) AND prediction IS NULL
    ORDER BY timestamp, seq LIMIT ${rowsPerTransaction}`;
  return selectRows<UnscoredRow>(pool, {
    sql,
    values: [type.id, after.timestamp, after.timestamp, after.seq],
  });
}

type ScoredRow = UnscoredRow & ScoredBy;

function scoreRows(rows: readonly UnscoredRow[], { type, model }: RescoreOptions): ScoredRow[] {
  return rows.flatMap((row) => {
    const values = parseValues(type, row.features);
    if (values.includes(null) && !model.acceptsMissing) return [];
    return [{ ...row, ...model.score(values) }];
  });
}

/** Stores the scores of those rows that still have none, and returns these rows. */
function storeScores(rows: readonly ScoredRow[], options: RescoreOptions): Promise<ScoredRow[]> {
  const { pool, type, models } = options;
  return inTransaction(pool, async ({ select, change }) => {
    const unscored = await select<{ seq: number }>({
      sql: 'SELECT seq FROM readings WHERE seq IN (?) AND prediction IS NULL ORDER BY seq FOR UPDATE',
      values: [rows.map(({ seq }) => seq)],
    });
    const left = new Set(unscored.map(({ seq }) => seq));
    const taken = rows.filter(({ seq }) => left.has(seq));
    if (taken.length === 0) return [];
    const feedback = await select<FeedbackRow>({
      sql: `SELECT feedback.id, readings.seq, feedback.sensor, feedback.timestamp, feedback.label FROM feedback
        JOIN readings ON readings.id = feedback.id WHERE readings.seq IN (?) ORDER BY feedback.id FOR UPDATE`,
      values: [taken.map(({ seq }) => seq)],
    });
    const statements = [
      toUpdateStatement(taken, models.known(options.model.name) ?? null),
      ...toAnomaliesStatements(taken, type.id),
      toScoresStatement(toMinutes(taken, type.id)),
      ...toFeedbackStatements(feedback, { taken, type: type.id }),
    ];
    for (const statement of statements) await change(statement);
    return taken;
  });
}

function toUpdateStatement(rows: readonly ScoredRow[], model: number | null): Statement {
  const cases = (column: 'prediction' | 'score') =>
    `CASE seq ${rows.map((row) => `WHEN ${row.seq} THEN ${row[column]}`).join(' ')} END`;
  return {
    sql: `UPDATE readings SET prediction = ${cases('prediction')}, score = ${cases('score')}, model = ?
      WHERE seq IN (?)`,
    values: [model, rows.map(({ seq }) => seq)],
  };
}

function toAnomaliesStatements(rows: readonly ScoredRow[], type: number): Statement[] {
  const anomalies = rows.filter(({ prediction }) => prediction === 1);
  if (anomalies.length === 0) return [];
  const values = anomalies.map(({ seq, sensor, timestamp, score }) => [seq, type, sensor, timestamp, score]);
  return [{ sql: 'INSERT INTO anomalies (seq, type, sensor, timestamp, score) VALUES ?', values: [values] }];
}

/** The readings are in their rollups already; only the scores are added. */
function toMinutes(rows: readonly ScoredRow[], type: number): Buckets {
  const buckets = new Buckets();
  for (const row of rows)
    addScore(buckets.at({ type, sensor: row.sensor }, toMinuteOfSql(row.timestamp)), row);
  return buckets;
}

interface FeedbackRow {
  id: Buffer;
  seq: number;
  sensor: number;
  timestamp: string;
  label: 0 | 1;
}

/** Consecutive runs use the same shard of the counts; only requests of clients are spread over several. */
const shard = 0;

function toFeedbackStatements(
  feedback: readonly FeedbackRow[],
  { taken, type }: { taken: readonly ScoredRow[]; type: number },
): Statement[] {
  if (feedback.length === 0) return [];
  const predictions = new Map(taken.map(({ seq, prediction }) => [seq, prediction]));
  const changes = feedback.map(({ seq, sensor, timestamp, label }): LabelChange => {
    return { type, sensor, timestamp, prediction: predictions.get(seq) ?? null, label, previous: undefined };
  });
  const updates = ([0, 1] as const).flatMap((prediction) => {
    const ids = feedback.filter(({ seq }) => predictions.get(seq) === prediction).map(({ id }) => id);
    if (ids.length === 0) return [];
    return [{ sql: 'UPDATE feedback SET prediction = ? WHERE id IN (?)', values: [prediction, ids] }];
  });
  const counts = toHourStatement(changes, shard);
  return [...updates, ...(counts ? [counts] : [])];
}
