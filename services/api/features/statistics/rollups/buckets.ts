import type { Statement } from '../../../storage/connection.ts';
import { hourMs, type Level, minuteMs, tenMinutesMs } from '../window-plan.ts';
import {
  createRollup,
  mergeInto,
  parseRollup,
  type Rollup,
  toDocument,
  toHour,
  toMinuteOfSql,
  toTenMinutes,
} from './rollup.ts';

export type RollupTable = 'rollups_minute' | 'rollups_ten_minutes' | 'rollups_hour';

interface RollupLevel {
  level: Exclude<Level, 'reading'>;
  table: RollupTable;
  lengthMs: number;
  /** The start of the bucket that has a time. Both are as in SQL. */
  toStart: (timestamp: string) => string;
}

/** The finest first. */
export const rollupLevels: readonly RollupLevel[] = [
  { level: 'minute', table: 'rollups_minute', lengthMs: minuteMs, toStart: toMinuteOfSql },
  { level: 'ten_minutes', table: 'rollups_ten_minutes', lengthMs: tenMinutesMs, toStart: toTenMinutes },
  { level: 'hour', table: 'rollups_hour', lengthMs: hourMs, toStart: toHour },
];

export function levelOf(key: RollupLevel['level'] | RollupTable): RollupLevel {
  const found = rollupLevels.find(({ level, table }) => level === key || table === key);
  if (found === undefined) throw new Error(`there are no rollups of this level: ${key}`);
  return found;
}

/** The statistics of one sensor, or of all sensors under `allSensors`, in a bucket of one level. */
export interface Bucket {
  /** The key of the type. */
  type: number;
  sensor: number;
  /** Its UTC start, as in SQL. */
  bucket: string;
  rollup: Rollup;
}

/** A sensor of a type; `allSensors` stands for all of them. */
export interface TypedSensor {
  type: number;
  sensor: number;
}

/** Rollups by type, sensor and bucket. */
export class Buckets {
  readonly #bySensor = new Map<number, { of: TypedSensor; buckets: Map<string, Rollup> }>();

  /** The rollup of a sensor and bucket, which is created when it is first used. */
  at({ type, sensor }: TypedSensor, bucket: string): Rollup {
    // Types are SMALLINT, and sensors INT: the sum is exact, and in the order of the primary key.
    const key = type * 2 ** 32 + sensor;
    const known = this.#bySensor.get(key) ?? { of: { type, sensor }, buckets: new Map<string, Rollup>() };
    this.#bySensor.set(key, known);
    const { buckets } = known;
    const rollup = buckets.get(bucket) ?? createRollup();
    buckets.set(bucket, rollup);
    return rollup;
  }

  /** All rollups, by type, sensor and time: the order of the primary key, in which all writers lock rows. */
  list(): Bucket[] {
    return [...this.#bySensor]
      .sort(([a], [b]) => a - b)
      .flatMap(([, { of, buckets }]) =>
        [...buckets]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([bucket, rollup]) => ({ ...of, bucket, rollup })),
      );
  }
}

/** Merges buckets into those of a coarser level. */
export function toCoarser(buckets: Iterable<Bucket>, toStart: RollupLevel['toStart']): Bucket[] {
  const coarser = new Buckets();
  for (const { bucket, rollup, ...sensor } of buckets) mergeInto(coarser.at(sensor, toStart(bucket)), rollup);
  return coarser.list();
}

/** A row of a table of rollups. */
export interface BucketRow extends TypedSensor {
  bucket: string;
  /** JSON */
  rollup: string;
}

export function toBucket({ type, sensor, bucket, rollup }: BucketRow): Bucket {
  return { type, sensor, bucket, rollup: parseRollup(rollup) };
}

/** Stores rollups in place of those of the same sensors and buckets. */
export function toRollupStatement(table: RollupTable, buckets: readonly Bucket[]): Statement {
  const rows = buckets.map(({ type, sensor, bucket, rollup }) => [
    type,
    sensor,
    bucket,
    JSON.stringify(toDocument(rollup)),
  ]);
  return {
    sql: `INSERT INTO ${table} (type, sensor, bucket, rollup) VALUES ?
      ON DUPLICATE KEY UPDATE rollup = VALUES(rollup)`,
    values: [rows],
  };
}
