import {
  type Bucket,
  Buckets,
  type RollupTable,
  type TypedSensor,
  toRollupStatement,
} from '../../features/statistics/rollups/buckets.ts';
import {
  createRollup,
  type Moments,
  mergeInto,
  parseRollup,
  type Rollup,
  rollupBins,
  toHour,
} from '../../features/statistics/rollups/rollup.ts';
import type { Transaction } from '../connection.ts';
import { allSensors, climateKey } from '../keys.ts';
import { findReadingsHorizon } from './copy-readings.ts';
import type { Batch, Copied, CopyStep } from './progress.ts';

const featureNames = ['temperature', 'humidity', 'sound_volume'];
const toBinColumn = (bin: number) => `bin_${String(bin).padStart(2, '0')}`;
const binColumns = Array.from({ length: rollupBins }, (_, bin) => toBinColumn(bin));
const momentColumns = ['mean', 'deviations', 'min', 'max'] as const;
const columns = [
  'count',
  'anomalies',
  ...featureNames.flatMap((name) => momentColumns.map((moment) => `${name}_${moment}`)),
  ...binColumns,
];

/** A row of `readings_minute`, `readings_hour` or `rollup_deltas` of version 0.2. */
type OldRollup = { sensor: number; bucket: string } & Record<string, number>;

type OldBucket = OldRollup & { sensor_id: string };
type OldDelta = OldRollup & { seq: number };

const bucketsPerStatement = 1000;
const deltasPerBatch = 500;

/**
 * The rollups of readings that retention has removed. Their scores are unknown except for the bins. All other rollups are
 * made from the readings.
 */
export const rollupSteps: readonly CopyStep[] = [
  {
    name: 'rollups per minute',
    copy: (transaction, batch) => convertRollups(transaction, batch, ['readings_minute', 'rollups_minute']),
  },
  {
    name: 'rollups per hour',
    copy: (transaction, batch) => convertRollups(transaction, batch, ['readings_hour', 'rollups_hour']),
  },
  { name: 'pending rollups', copy: addPendingDeltas },
];

const sensorSql = "IF(old.sensor_id = '', 0, sensors.id) AS sensor";
const sensorsSql = `LEFT JOIN sensors ON sensors.type = ${climateKey} AND sensors.name = old.sensor_id`;
const columnsSql = columns.map((column) => `old.${column}`).join(', ');

/** Merges the shards of each bucket. */
async function convertRollups(
  transaction: Transaction,
  { after: [bucket = '1000-01-01 00:00:00', sensorId = ''] = [], limit }: Batch,
  [from, into]: readonly [from: 'readings_minute' | 'readings_hour', into: RollupTable],
): Promise<Copied> {
  const horizon = await findReadingsHorizon(transaction.select);
  if (horizon === '') return { rows: 0, last: undefined };
  const rows = await transaction.select<OldBucket>({
    sql: `SELECT old.sensor_id, ${sensorSql}, old.bucket, ${columnsSql}
      FROM (SELECT * FROM old_${from} FORCE INDEX (${from}_bucket)
        WHERE bucket < ? AND (bucket > ? OR (bucket = ? AND sensor_id > ?))
        ORDER BY bucket, sensor_id, shard LIMIT ?) AS old
      ${sensorsSql} ORDER BY old.bucket, old.sensor_id, old.shard`,
    values: [horizon, bucket, bucket, sensorId, limit],
  });
  const whole = rows.length < limit ? rows : withoutLastBucket(rows);
  const buckets = new Buckets();
  for (const row of whole) mergeInto(buckets.at(toClimate(row.sensor), row.bucket), toRollup(row));
  await writeRollups(transaction, into, buckets.list());
  const last = whole.at(-1);
  const isLast = rows.length < limit || last === undefined;
  return { rows: whole.length, last: isLast ? undefined : [last.bucket, last.sensor_id] };
}

/** Version 0.2 has only sensors of this type. */
function toClimate(sensor: number): TypedSensor {
  return { type: climateKey, sensor };
}

/** The last bucket of a full batch may have more shards. */
function withoutLastBucket(rows: readonly OldBucket[]): OldBucket[] {
  const last = rows.at(-1);
  const whole = rows.filter((row) => row.sensor_id !== last?.sensor_id || row.bucket !== last.bucket);
  if (whole.length === 0) throw new Error(`a batch is too small for the shards of ${last?.bucket}`);
  return whole;
}

/** Adds what version 0.2 had committed but not yet moved into the rollups. */
async function addPendingDeltas(transaction: Transaction, { after = [0], limit }: Batch): Promise<Copied> {
  const horizon = await findReadingsHorizon(transaction.select);
  if (horizon === '') return { rows: 0, last: undefined };
  const maxRows = Math.min(limit, deltasPerBatch);
  const rows = await transaction.select<OldDelta>({
    sql: `SELECT old.seq, ${sensorSql}, old.bucket, ${columnsSql}
      FROM (SELECT * FROM old_rollup_deltas WHERE seq > ? AND bucket < ? ORDER BY seq LIMIT ?) AS old
      ${sensorsSql} ORDER BY old.seq`,
    values: [...after, horizon, maxRows],
  });
  const [minutes, hours] = [new Buckets(), new Buckets()];
  for (const row of rows) {
    for (const sensor of [row.sensor, allSensors]) {
      mergeInto(minutes.at(toClimate(sensor), row.bucket), toRollup(row));
      mergeInto(hours.at(toClimate(sensor), toHour(row.bucket)), toRollup(row));
    }
  }
  await writeRollups(transaction, 'rollups_minute', await addStored(transaction, 'rollups_minute', minutes));
  await writeRollups(transaction, 'rollups_hour', await addStored(transaction, 'rollups_hour', hours));
  const last = rows.at(-1);
  const isLast = rows.length < maxRows || last === undefined;
  return { rows: rows.length, last: isLast ? undefined : [last.seq] };
}

async function addStored({ select }: Transaction, table: RollupTable, added: Buckets): Promise<Bucket[]> {
  const sql = `SELECT rollup FROM ${table} WHERE type = ${climateKey} AND sensor = ? AND bucket = ?`;
  const buckets = added.list();
  for (const { sensor, bucket, rollup } of buckets) {
    const [stored] = await select<{ rollup: string }>({ sql, values: [sensor, bucket] });
    if (stored !== undefined) mergeInto(rollup, parseRollup(stored.rollup));
  }
  return buckets;
}

export async function writeRollups(
  { change }: Transaction,
  table: RollupTable,
  buckets: readonly Bucket[],
): Promise<void> {
  for (let start = 0; start < buckets.length; start += bucketsPerStatement)
    await change(toRollupStatement(table, buckets.slice(start, start + bucketsPerStatement)));
}

function toRollup(row: OldRollup): Rollup {
  const { count = 0, anomalies = 0 } = row;
  const toMoments = (name: string): Moments => ({
    count,
    mean: row[`${name}_mean`] ?? 0,
    deviations: row[`${name}_deviations`] ?? 0,
    min: row[`${name}_min`] ?? 0,
    max: row[`${name}_max`] ?? 0,
  });
  return {
    ...createRollup(),
    count,
    anomalies,
    features: featureNames.map(toMoments),
    bins: binColumns.map((column) => row[column] ?? 0),
  };
}
