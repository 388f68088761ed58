import type { FeatureName, StoredReading } from '@sensor-sentinel/contracts';
import { featureNames } from '@sensor-sentinel/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Records } from './records.ts';

/** Count, mean, sum of squared deviations from it, smallest and largest. */
type Moments = Record<'count' | 'mean' | 'deviations' | 'min' | 'max', number>;

type Bucket = { anomalies: number; bins: number[] } & Record<FeatureName, Moments>;

const binCount = 20;
const tolerance = 1e-9;

interface Table {
  table: string;
  toBucket: (timestamp: string) => string;
}

const tables: readonly Table[] = [
  { table: 'readings_minute', toBucket: (timestamp: string) => `${timestamp.slice(0, 16)}:00` },
  { table: 'readings_hour', toBucket: (timestamp: string) => `${timestamp.slice(0, 13)}:00:00` },
];

function createBucket(): Bucket {
  const none = () => ({ count: 0, mean: 0, deviations: 0, min: Infinity, max: -Infinity });
  const bins = Array.from({ length: binCount }, () => 0);
  return { anomalies: 0, bins, temperature: none(), humidity: none(), sound_volume: none() };
}

/** Pairwise update of mean and deviations (Chan, Golub and LeVeque 1983). */
function merge(into: Moments, { count, mean, deviations, min, max }: Moments): void {
  const total = into.count + count;
  const delta = mean - into.mean;
  into.mean += (delta * count) / total;
  into.deviations += deviations + (delta * delta * into.count * count) / total;
  into.count = total;
  into.min = Math.min(into.min, min);
  into.max = Math.max(into.max, max);
}

function take(buckets: Map<string, Bucket>, key: string): Bucket {
  const bucket = buckets.get(key) ?? createBucket();
  buckets.set(key, bucket);
  return bucket;
}

function addReading(bucket: Bucket, reading: StoredReading): void {
  bucket.anomalies += reading.prediction;
  const bin = Math.min(Math.floor(reading.score * binCount), binCount - 1);
  bucket.bins[bin] = (bucket.bins[bin] ?? 0) + 1;
  for (const name of featureNames) {
    const value = reading[name];
    merge(bucket[name], { count: 1, mean: value, deviations: 0, min: value, max: value });
  }
}

function fromRows(
  rows: readonly StoredReading[],
  toBucket: (timestamp: string) => string,
): Map<string, Bucket> {
  const buckets = new Map<string, Bucket>();
  for (const row of rows) {
    for (const sensor of [row.sensor_id, '']) {
      addReading(take(buckets, `${sensor} ${toBucket(row.timestamp)}`), row);
    }
  }
  return buckets;
}

/** The stored rollups; a bucket is the sum of its shards and of the deltas that are not folded into it yet. */
async function readRollups(connection: Connection, { table, toBucket }: Table): Promise<Map<string, Bucket>> {
  const start = "DATE_FORMAT(bucket, '%Y-%m-%dT%H:%i:%s') AS start";
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const [folded] = await connection.query<RowDataPacket[]>(`SELECT *, ${start} FROM ${table}`);
  const [deltas] = await connection.query<RowDataPacket[]>(`SELECT *, ${start} FROM rollup_deltas`);
  await connection.query('COMMIT');
  const waiting = deltas.flatMap((delta) => {
    const start = toBucket(delta.start);
    return [Object.assign({}, delta, { start }), Object.assign({}, delta, { start, sensor_id: '' })];
  });
  const shards = [...folded, ...waiting];
  const buckets = new Map<string, Bucket>();
  for (const shard of shards) {
    const bucket = take(buckets, `${shard.sensor_id} ${shard.start}`);
    const of = (column: string) => Number(shard[column]);
    bucket.anomalies += of('anomalies');
    bucket.bins = bucket.bins.map((count, bin) => count + of(`bin_${String(bin).padStart(2, '0')}`));
    for (const name of featureNames) {
      merge(bucket[name], {
        count: of('count'),
        mean: of(`${name}_mean`),
        deviations: of(`${name}_deviations`),
        min: of(`${name}_min`),
        max: of(`${name}_max`),
      });
    }
  }
  return buckets;
}

function isClose(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one), Math.abs(other));
}

function listDifferences(stored: Bucket, expected: Bucket): string[] {
  const counts = [stored, expected].map(({ anomalies, bins }) => `anomalies ${anomalies}, bins ${bins}`);
  const moments = featureNames.flatMap((name) =>
    Object.entries(expected[name])
      .map(([part, value]) => ({ part, value, is: stored[name][part as keyof Moments] })) // Object.entries forgets the keys
      .filter(({ part, value, is }) => (part === 'count' ? is !== value : !isClose(is, value)))
      .map(({ part, value, is }) => `${name} ${part} ${is} ≠ ${value}`),
  );
  return counts[0] === counts[1] ? moments : [`${counts[0]} ≠ ${counts[1]}`, ...moments];
}

/** Compares both rollup tables with sums over all rows; resolves with the number of buckets. */
export async function checkRollups(
  connection: Connection,
  { rows, records }: { rows: readonly StoredReading[]; records: Records },
): Promise<number> {
  let count = 0;
  for (const { table, toBucket } of tables) {
    const expected = fromRows(rows, toBucket);
    const stored = await readRollups(connection, { table, toBucket });
    count += expected.size;
    for (const key of new Set([...expected.keys(), ...stored.keys()])) {
      const [is, shouldBe] = [stored.get(key), expected.get(key)];
      const differences =
        is && shouldBe ? listDifferences(is, shouldBe) : [is ? 'has no rows' : 'is missing'];
      if (differences.length > 0) records.note('rollups', `${table} ${key}: ${differences.join('; ')}`);
    }
  }
  return count;
}
