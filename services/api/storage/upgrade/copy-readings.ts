import { climateType } from '@sensor-sentinel/contracts';
import type { ScoredReading } from '../../features/readings/reading-row.ts';
import { findLateness } from '../../features/sensors/lateness.ts';
import { rollupLevels } from '../../features/statistics/rollups/buckets.ts';
import { type SensorDelta, toSensorDeltas } from '../../features/statistics/rollups/deltas.ts';
import { foldInto } from '../../features/statistics/rollups/fold-deltas.ts';
import { createLoadedType } from '../../features/types/sensor-type.ts';
import type { Select, Transaction } from '../connection.ts';
import { climateKey } from '../keys.ts';
import { fromSqlId, fromSqlTimestamp } from '../sql-values.ts';
import type { Batch, Copied, CopyStep } from './progress.ts';

/**
 * Copies readings in order of arrival, and rolls them up as if each batch were a commit: this results in the rollups and
 * in the last reading of each sensor.
 */
export const readingsStep: CopyStep = { name: 'readings', copy: copyReadings };

interface OldReading extends Record<'temperature' | 'humidity' | 'sound_volume', number> {
  seq: number;
  id: Buffer;
  sensor_id: string;
  timestamp: string;
  received_at: string;
  prediction: 0 | 1;
  score: number;
  model: string;
}

const selectSql = `SELECT seq, id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction,
  score, model FROM old_readings WHERE seq > ? ORDER BY seq LIMIT ?`;

/** The server writes each DOUBLE with as many digits as it takes to read the same value back. */
const insertSql = `INSERT INTO new_readings
    (seq, id, type, sensor, timestamp, received_at, features, prediction, score, model)
  SELECT old.seq, old.id, sensors.type, sensors.id, old.timestamp, old.received_at,
    JSON_ARRAY(old.temperature, old.humidity, old.sound_volume), old.prediction, old.score, models.id
  FROM old_readings AS old
  STRAIGHT_JOIN sensors ON sensors.type = ${climateKey} AND sensors.name = old.sensor_id
  STRAIGHT_JOIN models ON models.name = old.model
  WHERE old.seq > ? AND old.seq <= ?`;

const insertAnomaliesSql = `INSERT INTO anomalies (seq, sensor, timestamp, score)
  SELECT seq, sensor, timestamp, score FROM new_readings WHERE seq > ? AND seq <= ? AND prediction = 1`;

/** The migration fills the table of ten minutes later. */
const levels = rollupLevels.filter(({ level }) => level !== 'ten_minutes');

async function copyReadings(transaction: Transaction, { after = [0], limit }: Batch): Promise<Copied> {
  const { select, change } = transaction;
  const readings = await select<OldReading>({ sql: selectSql, values: [...after, limit] });
  const last = readings.at(-1);
  if (last === undefined) return { rows: 0, last: undefined };
  await insertModels(transaction, new Set(readings.map(({ model }) => model)));
  const range = [...after, last.seq];
  const inserted = await change({ sql: insertSql, values: range });
  if (inserted !== readings.length)
    throw new Error(`${inserted} of ${readings.length} readings were copied after ${after.join()}`);
  await change({ sql: insertAnomaliesSql, values: range });
  // No row of `rollup_deltas` has this key, so that none is deleted.
  const delta = { seq: 0, sensors: await toDeltas(select, readings) };
  await foldInto(transaction, [delta], { hasMemory: false, levels });
  const isLast = readings.length < limit;
  return {
    rows: readings.length,
    last: isLast ? undefined : [last.seq],
    share: await toShare(select, last.seq),
  };
}

/** Models get their keys in the order in which they first scored a reading, within a batch by name. */
async function insertModels({ select, change }: Transaction, names: ReadonlySet<string>): Promise<void> {
  const known = await select<{ id: number; name: string }>({ sql: 'SELECT id, name FROM models' });
  const added = [...names].filter((name) => known.every((model) => model.name !== name)).sort();
  if (added.length === 0) return;
  const lastKey = Math.max(0, ...known.map(({ id }) => id));
  const rows = added.map((name, index) => [lastKey + 1 + index, name]);
  await change({ sql: 'INSERT INTO models (id, name) VALUES ?', values: [rows] });
}

const noTimestamps = { get: () => undefined };

/**
 * What the readings add. Minutes before retention's horizon are left out: they may have had other readings, and are
 * copied from the old rollups. The counts of stored and late readings are replaced by those of the ledger.
 */
async function toDeltas(select: Select, readings: readonly OldReading[]): Promise<SensorDelta[]> {
  const names = [...new Set(readings.map(({ sensor_id }) => sensor_id))];
  const sensors = await select<{ id: number; name: string }>({
    sql: `SELECT id, name FROM sensors WHERE type = ${climateKey} AND name IN (?)`,
    values: [names],
  });
  const keys = new Map(sensors.map(({ id, name }) => [name, id]));
  const rows = readings.map((reading) => toScoredReading(reading, keys));
  const horizon = await findReadingsHorizon(select);
  const deltas = toSensorDeltas(rows, findLateness(rows, noTimestamps));
  return deltas.map((delta) => ({
    ...delta,
    minutes: delta.minutes.filter(({ bucket }) => bucket >= horizon),
  }));
}

/** Retention has removed the readings before this time; the empty string if none. */
export async function findReadingsHorizon(select: Select): Promise<string> {
  const sql = 'SELECT readings_before FROM old_retention_horizons';
  const [row] = await select<{ readings_before: string | null }>({ sql });
  return row?.readings_before ?? '';
}

/** Version 0.2 has only readings of this type. */
const climate = createLoadedType(climateKey, climateType);

function toScoredReading(
  { id, timestamp, received_at, ...row }: OldReading,
  keys: ReadonlyMap<string, number>,
): ScoredReading {
  const { sensor_id, temperature, humidity, sound_volume, prediction, score, model } = row;
  const sensor = keys.get(sensor_id);
  if (sensor === undefined) throw new Error(`the sensor has no key: ${sensor_id}`);
  return {
    sensor,
    reading: {
      id: fromSqlId(id),
      type: climate,
      sensor_id,
      timestamp: fromSqlTimestamp(timestamp),
      values: [temperature, humidity, sound_volume],
      prediction,
      score,
      model,
    },
    receivedAt: fromSqlTimestamp(received_at),
  };
}

/** By the numbers of the readings, since counting them takes as long as reading all. */
async function toShare(select: Select, seq: number): Promise<number> {
  const sql = 'SELECT MIN(seq) AS first, MAX(seq) AS last FROM old_readings';
  const [{ first, last } = { first: seq, last: seq }] = await select<{ first: number; last: number }>({
    sql,
  });
  return (seq - first + 1) / (last - first + 1);
}
