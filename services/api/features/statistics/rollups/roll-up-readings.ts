import type { Select } from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';
import { rangeConditions, toWhere } from '../../../storage/where.ts';
import type { Range } from '../window-plan.ts';
import { type Bucket, Buckets } from './buckets.ts';
import { createRollup, type Moments, mergeInto, type Rollup, rollupBins } from './rollup.ts';

/** A type by its key and the number of its features. */
export interface TypeWidth {
  id: number;
  width: number;
}

/** All types. @throws StorageError */
export async function listTypeWidths(select: Select): Promise<TypeWidth[]> {
  return select<TypeWidth>({
    sql: 'SELECT id, JSON_LENGTH(features) AS width FROM sensor_types ORDER BY id',
  });
}

/** The columns of a part: the moments of `score`, and of each feature as `f0`, `f1`, … */
type PartRow = Record<'count' | 'anomalies', number> & {
  sensor: number;
  bucket: string;
  /** Null for readings that no model has scored. */
  bin: number | null;
} & Record<`${string}_count`, number> &
  Record<`${string}_${'mean' | 'deviations' | 'min' | 'max'}`, number | null>;

function toColumns(names: readonly string[]): string {
  return [
    `LEAST(FLOOR(readings.score * ${rollupBins}), ${rollupBins - 1}) AS bin`,
    'COUNT(*) AS count, CAST(COALESCE(SUM(prediction), 0) AS DOUBLE) AS anomalies',
    ...[...names.map((name) => [name, `features.${name}`]), ['score', 'readings.score']].map(
      ([name, value]) =>
        `COUNT(${value}) AS ${name}_count, AVG(${value}) AS ${name}_mean,
      VAR_POP(${value}) * COUNT(${value}) AS ${name}_deviations, MIN(${value}) AS ${name}_min, MAX(${value}) AS ${name}_max`,
    ),
  ].join(', ');
}

/** The values of each reading as columns, read from its JSON once: with JSON_VALUE, each aggregate would read it again. */
function toFeaturesTable(names: readonly string[]): string {
  const columns = names.map((name, place) => `${name} DOUBLE PATH '$[${place}]'`);
  return `JSON_TABLE(readings.features, '$' COLUMNS (${columns.join(', ')})) AS features`;
}

interface ReadingsQuery extends Range {
  type: TypeWidth;
  /** The keys of sensors; undefined: all sensors. */
  sensors?: readonly number[] | undefined;
  /** Whether each sensor has rollups of its own. */
  isBySensor?: boolean;
}

/**
 * The statistics of readings per minute, computed by the server: of each sensor, or of the given sensors together under the
 * key `allSensors`.
 * @throws StorageError
 */
export async function rollUpReadings(
  select: Select,
  { type, fromMs, toMs, sensors, isBySensor = false }: ReadingsQuery,
): Promise<Bucket[]> {
  const where = toWhere([
    sensors === undefined
      ? { sql: 'readings.type = ?', values: [type.id] }
      : { sql: 'readings.sensor IN (?)', values: [sensors] },
    ...rangeConditions('readings.timestamp', { fromMs, toMs }),
  ]);
  const names = Array.from({ length: type.width }, (_, place) => `f${place}`);
  const sql = `SELECT ${isBySensor ? 'readings.sensor' : allSensors} AS sensor,
    DATE_FORMAT(readings.timestamp, '%Y-%m-%d %H:%i:00') AS bucket, ${toColumns(names)}
    FROM readings JOIN ${toFeaturesTable(names)} ${where.sql} GROUP BY 1, 2, 3`;
  const buckets = new Buckets();
  for (const row of await select<PartRow>({ sql, values: where.values }))
    mergeInto(buckets.at({ type: type.id, sensor: row.sensor }, row.bucket), toRollup(row, type.width));
  return buckets.list();
}

/** The readings with a score in one bin. */
function toRollup(row: PartRow, width: number): Rollup {
  const { count, anomalies, bin } = row;
  const toMoments = (name: string): Moments => ({
    count: row[`${name}_count`] ?? 0,
    mean: row[`${name}_mean`] ?? 0,
    deviations: row[`${name}_deviations`] ?? 0,
    min: row[`${name}_min`] ?? Infinity,
    max: row[`${name}_max`] ?? -Infinity,
  });
  const rollup = createRollup();
  if (bin !== null) rollup.bins[bin] = count;
  const features = Array.from({ length: width }, (_, place) => toMoments(`f${place}`));
  return { ...rollup, count, anomalies, features, score: toMoments('score') };
}
