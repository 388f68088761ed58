import { featureNames, type StoredReading } from '@sensor-sentinel/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Records } from './records.ts';

/** The figures of a rollup: counts, and of each feature and the score the mean, the sum of squared deviations, minimum and maximum. */
type Shard = Readonly<Record<string, number>>;

/** What is to be added up, by sensor and bucket; the sensor 0 stands for all of them. */
type Shards = Map<string, Shard[]>;

const tolerance = 1e-9;
const binNames = Array.from({ length: 20 }, (_, bin) => `bin_${String(bin).padStart(2, '0')}`);
const countNames = ['count', 'anomalies', ...binNames];
const valueNames = [...featureNames, 'score'] as const;
const momentNames = valueNames.flatMap((name) =>
  ['mean', 'deviations', 'min', 'max'].map((moment) => `${name}_${moment}`),
);

const toBucketStart: Readonly<Record<string, (timestamp: string) => string>> = {
  rollups_minute: (timestamp) => `${timestamp.slice(0, 16)}:00`,
  rollups_hour: (timestamp) => `${timestamp.slice(0, 13)}:00:00`,
};

/** A shard of one reading. */
function toShard(reading: StoredReading): Shard {
  const bin = Math.min(Math.floor(reading.score * binNames.length), binNames.length - 1);
  const values = valueNames.flatMap((name) => [
    [`${name}_mean`, reading[name]],
    [`${name}_deviations`, 0],
    [`${name}_min`, reading[name]],
    [`${name}_max`, reading[name]],
  ]);
  const bins = binNames.map((name, at) => [name, at === bin ? 1 : 0]);
  return { count: 1, anomalies: reading.prediction, ...Object.fromEntries([...bins, ...values]) };
}

/** The sum of several shards, in two passes: first the mean, then the deviations from it. */
function merge(shards: readonly Shard[]): Shard {
  const list = (column: string) => shards.map((shard) => shard[column] ?? Number.NaN);
  const add = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const counts = list('count');
  const total = add(counts);
  const merged: Record<string, number> = Object.fromEntries(
    countNames.map((name) => [name, add(list(name))]),
  );
  for (const name of valueNames) {
    const means = list(`${name}_mean`);
    const mean = add(means.map((value, at) => value * (counts[at] ?? 0))) / total;
    const between = add(means.map((value, at) => (value - mean) ** 2 * (counts[at] ?? 0)));
    merged[`${name}_mean`] = mean;
    merged[`${name}_deviations`] = add(list(`${name}_deviations`)) + between;
    merged[`${name}_min`] = list(`${name}_min`).reduce((least, value) => Math.min(least, value), Infinity);
    merged[`${name}_max`] = list(`${name}_max`).reduce((most, value) => Math.max(most, value), -Infinity);
  }
  return merged;
}

function put(shards: Shards, key: string, shard: Shard): void {
  const others = shards.get(key);
  if (others) others.push(shard);
  else shards.set(key, [shard]);
}

/** A rollup as it is stored: docs/storage.md describes the document. */
interface RollupDocument {
  count: number;
  anomalies: number;
  /** [count, mean, deviations, min, max], or [count, value] of equal values. */
  features: number[][];
  score: number[];
  bins: Record<string, number>;
}

function fromDocument({ count, anomalies, features, score, bins }: RollupDocument): Shard {
  const moments = valueNames.flatMap((name, index) => {
    const [, mean = Number.NaN, deviations = 0, min = mean, max = mean] = [...features, score][index] ?? [];
    return [
      [`${name}_mean`, mean],
      [`${name}_deviations`, deviations],
      [`${name}_min`, min],
      [`${name}_max`, max],
    ];
  });
  const counts = binNames.map((name, bin) => [name, bins[String(bin)] ?? 0]);
  return { count, anomalies, ...Object.fromEntries([...counts, ...moments]) };
}

interface SensorDelta {
  sensor: number;
  minutes: { bucket: string; rollup: RollupDocument }[];
}

/** The stored rollups; a bucket is the sum of its document and of the deltas that are not folded into it yet. */
async function readRollups(connection: Connection, table: string): Promise<Shards> {
  const foldedSql = `SELECT sensor, DATE_FORMAT(bucket, '%Y-%m-%dT%H:%i:%s') AS start, rollup FROM ${table}`;
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const [folded] = await connection.query<RowDataPacket[]>(foldedSql);
  const [deltas] = await connection.query<RowDataPacket[]>('SELECT delta FROM rollup_deltas');
  await connection.query('COMMIT');
  const shards: Shards = new Map();
  for (const { sensor, start, rollup } of folded)
    put(shards, `${sensor} ${start}`, fromDocument(JSON.parse(rollup)));
  for (const { sensor, minutes } of deltas.flatMap(({ delta }): SensorDelta[] => JSON.parse(delta).sensors)) {
    for (const { bucket, rollup } of minutes) {
      const start = toBucketStart[table]?.(bucket.replace(' ', 'T'));
      for (const key of [sensor, 0]) put(shards, `${key} ${start}`, fromDocument(rollup));
    }
  }
  return shards;
}

function isEqual(name: string, one: number, other: number): boolean {
  if (one === other || countNames.includes(name)) return one === other;
  return Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one), Math.abs(other));
}

/** Compares both rollup tables with sums over all rows; resolves with the number of buckets. */
export async function checkRollups(
  connection: Connection,
  { rows, records }: { rows: readonly StoredReading[]; records: Records },
): Promise<number> {
  const [sensors] = await connection.query<RowDataPacket[]>('SELECT id, name FROM sensors');
  const keys = new Map(sensors.map(({ id, name }) => [String(name), Number(id)]));
  let count = 0;
  for (const [table, toStart] of Object.entries(toBucketStart)) {
    const expected: Shards = new Map();
    for (const row of rows) {
      for (const sensor of [keys.get(row.sensor_id), 0])
        put(expected, `${sensor} ${toStart(row.timestamp)}`, toShard(row));
    }
    const stored = await readRollups(connection, table);
    count += expected.size;
    for (const key of new Set([...expected.keys(), ...stored.keys()])) {
      const [is, shouldBe] = [merge(stored.get(key) ?? []), merge(expected.get(key) ?? [])];
      const differences = [...countNames, ...momentNames]
        .filter((name) => !isEqual(name, is[name] ?? 0, shouldBe[name] ?? 0))
        .map((name) => `${name} ${is[name]} ≠ ${shouldBe[name]}`);
      if (differences.length > 0) records.note('rollups', `${table} ${key}: ${differences.join('; ')}`);
    }
  }
  return count;
}
