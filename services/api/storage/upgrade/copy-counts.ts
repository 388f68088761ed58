import type { Transaction } from '../connection.ts';
import { allSensors, climateKey } from '../keys.ts';
import type { Batch, Copied, CopyStep } from './progress.ts';

/** Gives each sensor a key, in order of the names. */
export const sensorsStep: CopyStep = { name: 'sensors', copy: copySensors };

/** What is kept per sensor, per hour or per reading, besides the statistics. */
export const countSteps: readonly CopyStep[] = [
  { name: 'the ledger', copy: copyLedger },
  { name: 'feedback', copy: copyFeedback },
  { name: 'feedback per hour', copy: copyFeedbackHours },
  { name: 'horizons of retention', copy: copyHorizons },
];

const namedTables = [
  'old_ledger_stored',
  'old_ledger_arrivals',
  'old_rollup_deltas',
  'old_readings',
  'old_readings_minute',
  'old_readings_hour',
  'old_truths',
  'old_truths_hour',
];

/** The empty name stands for all sensors, or for none, and gets no key. */
async function copySensors({ select, change }: Transaction, { after = [''], limit }: Batch): Promise<Copied> {
  const parts = namedTables.map(
    (table) => `(SELECT DISTINCT sensor_id FROM ${table} WHERE sensor_id > ? ORDER BY sensor_id LIMIT ?)`,
  );
  const names = await select<{ sensor_id: string }>({
    sql: `SELECT sensor_id FROM (${parts.join(' UNION ')}) AS names ORDER BY sensor_id LIMIT ?`,
    values: [...namedTables.flatMap(() => [...after, limit]), limit],
  });
  const last = names.at(-1);
  if (last === undefined) return { rows: 0, last: undefined };
  const [{ key } = { key: 0 }] = await select<{ key: number }>({
    sql: 'SELECT COALESCE(MAX(id), 0) AS `key` FROM sensors',
  });
  const rows = names.map(({ sensor_id }, index) => [key + 1 + index, climateKey, sensor_id]);
  await change({ sql: 'INSERT INTO sensors (id, type, name) VALUES ?', values: [rows] });
  return { rows: rows.length, last: rows.length < limit ? undefined : [last.sensor_id] };
}

const keyRange = `sensors.type = ${climateKey} AND sensors.id > ? AND sensors.id <= ?`;

/**
 * A sensor has a state already if any of its readings is stored. Otherwise, `last_id` is an id that no reading has, and
 * there is no prediction: the same as if retention removed all readings of a sensor in version 0.3.
 */
const statesSql = `INSERT INTO sensor_states
    (sensor, \`stored\`, late, newest, last_id, received_at, prediction, since)
  SELECT sensor, \`stored\`, late, newest, REPEAT(CHAR(0), 16), seen, NULL, seen FROM
    (SELECT sensors.id AS sensor, SUM(parts.\`stored\`) AS \`stored\`, SUM(parts.late) AS late,
      MAX(parts.newest) AS newest, COALESCE(MAX(arrivals.last_seen), MAX(parts.newest)) AS seen
    FROM sensors
    JOIN (SELECT sensor_id, \`stored\`, late, newest FROM old_ledger_stored
      UNION ALL SELECT sensor_id, count, late, newest FROM old_rollup_deltas) AS parts
      ON parts.sensor_id = sensors.name
    LEFT JOIN old_ledger_arrivals AS arrivals ON arrivals.sensor_id = sensors.name
    WHERE ${keyRange} GROUP BY sensors.id) AS ledger
  ON DUPLICATE KEY UPDATE \`stored\` = VALUES(\`stored\`), late = VALUES(late), newest = VALUES(newest)`;

const arrivalColumns = 'conflicts, rejected, gaps, first_seen, last_seen';
const insertArrivalsSql = `INSERT INTO sensor_arrivals (sensor, duplicates, ${arrivalColumns})`;

async function copyLedger({ select, change }: Transaction, { after, limit }: Batch): Promise<Copied> {
  if (after === undefined)
    await change({
      sql: `${insertArrivalsSql} SELECT ${allSensors}, replayed, ${arrivalColumns}
        FROM old_ledger_arrivals WHERE sensor_id = ''`,
    });
  const [afterKey = 0] = after ?? [];
  const [{ last, keys } = { last: null, keys: 0 }] = await select<{ last: number | null; keys: number }>({
    sql: `SELECT MAX(id) AS last, COUNT(*) AS \`keys\`
      FROM (SELECT id FROM sensors WHERE id > ? ORDER BY id LIMIT ?) AS batch`,
    values: [afterKey, limit],
  });
  if (last === null) return { rows: 0, last: undefined };
  await change({ sql: statesSql, values: [afterKey, last] });
  await change({
    sql: `${insertArrivalsSql} SELECT sensors.id, replayed, ${arrivalColumns}
      FROM sensors JOIN old_ledger_arrivals ON old_ledger_arrivals.sensor_id = sensors.name WHERE ${keyRange}`,
    values: [afterKey, last],
  });
  return { rows: keys, last: keys < limit ? undefined : [last] };
}

const sensorsSql = `LEFT JOIN sensors ON sensors.type = ${climateKey} AND sensors.name = old.sensor_id`;

async function copyFeedback(
  { select, change }: Transaction,
  { after = [''], limit }: Batch,
): Promise<Copied> {
  const batchSql = 'SELECT * FROM old_truths WHERE id > UNHEX(?) ORDER BY id LIMIT ?';
  const values = [...after, limit];
  const rows = await change({
    sql: `INSERT INTO feedback (id, sensor, timestamp, prediction, label, source, decided_at)
      SELECT old.id, sensors.id, timestamp, prediction, label, IF(source = 'label', 'label', 'person'), decided_at
      FROM (${batchSql}) AS old ${sensorsSql}`,
    values,
  });
  const [last] = await select<{ id: string | null }>({
    sql: `SELECT HEX(MAX(id)) AS id FROM (${batchSql}) AS old`,
    values,
  });
  return { rows, last: rows < limit || !last?.id ? undefined : [last.id] };
}

async function copyFeedbackHours(
  { select, change }: Transaction,
  { after = ['', '1000-01-01 00:00:00', 0], limit }: Batch,
): Promise<Copied> {
  const [sensorId, bucket, shard] = after;
  const batchSql = `SELECT * FROM old_truths_hour
    WHERE sensor_id > ? OR (sensor_id = ? AND (bucket > ? OR (bucket = ? AND shard > ?)))
    ORDER BY sensor_id, bucket, shard`;
  const values = [sensorId, sensorId, bucket, bucket, shard];
  const counts = 'true_negative, false_positive, false_negative, true_positive';
  const rows = await change({
    sql: `INSERT INTO feedback_hour (sensor, bucket, shard, ${counts})
      SELECT IF(old.sensor_id = '', ${allSensors}, sensors.id), bucket, shard, ${counts}
      FROM (${batchSql} LIMIT ?) AS old ${sensorsSql}`,
    values: [...values, limit],
  });
  const [last] = await select<{ sensor_id: string; bucket: string; shard: number }>({
    sql: `${batchSql} LIMIT 1 OFFSET ?`,
    values: [...values, limit - 1],
  });
  return { rows, last: last && [last.sensor_id, last.bucket, last.shard] };
}

async function copyHorizons({ change }: Transaction): Promise<Copied> {
  const rows = await change({
    sql: `UPDATE retention_horizons AS horizons JOIN old_retention_horizons AS old ON old.name = horizons.name
      SET horizons.readings_before = old.readings_before, horizons.minutes_before = old.minutes_before,
        horizons.hours_before = old.hours_before`,
  });
  return { rows, last: undefined };
}
