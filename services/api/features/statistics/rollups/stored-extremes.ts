import type { Select, Statement } from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';
import { fromSqlTimestamp, toSqlTime } from '../../../storage/sql-values.ts';
import { minuteMs } from '../window-plan.ts';
import type { RollupTable } from './buckets.ts';
import { listDeltas } from './deltas.ts';
import {
  countPaths,
  type ExtremeList,
  type Extremes,
  type ExtremesDocument,
  fromExtremesDocument,
  fromListDocument,
  type ListDocument,
  mergeExtremes,
  type Side,
  toCountPath,
  toExtremesDocument,
  toListPath,
} from './extremes.ts';
import type { TypeRange } from './read-extremes.ts';
import { parseRollup, type RollupDocument, toHour } from './rollup.ts';

export type ExtremesTable = 'extremes_minute' | 'extremes_hour';

const rollupTables = {
  extremes_minute: 'rollups_minute',
  extremes_hour: 'rollups_hour',
} as const satisfies Record<ExtremesTable, RollupTable>;

/** Stores the extremes of a minute or an hour, in place of older ones. */
export function toExtremesStatement(
  table: ExtremesTable,
  { type, fromMs }: TypeRange,
  extremes: Extremes,
): Statement {
  return {
    sql: `INSERT INTO ${table} (type, bucket, extremes) VALUES (?, ?, ?)
      ON DUPLICATE KEY UPDATE extremes = VALUES(extremes)`,
    // Merging keeps only as many entries as lists of this number of values have.
    values: [type, toSqlTime(fromMs), JSON.stringify(toExtremesDocument(mergeExtremes([extremes]), fromMs))],
  };
}

/** The stored extremes of a range, by minute or hour. */
export async function findExtremes(
  select: Select,
  table: ExtremesTable,
  { type, fromMs, toMs }: TypeRange,
): Promise<Map<string, Extremes>> {
  const rows = await select<{ bucket: string; extremes: string }>({
    sql: `SELECT bucket, extremes FROM ${table} WHERE type = ? AND bucket >= ? AND bucket < ?`,
    values: [type, toSqlTime(fromMs), toSqlTime(toMs)],
  });
  return new Map(
    rows.map(({ bucket, extremes }) => {
      const document = JSON.parse(extremes) as ExtremesDocument; // only the API writes it
      return [bucket, fromExtremesDocument(document, toStartMs(bucket))];
    }),
  );
}

export interface ListedMinute extends TypeRange {
  bucket: string;
  /** The number of its readings. */
  count: number;
  /** Whether it has lists that are about all values of its rollup. */
  isListed: boolean;
}

/** The minutes of a range that have readings. Deltas that wait to be folded are not counted. */
export async function findMinutes(
  select: Select,
  { type, fromMs, toMs }: TypeRange,
): Promise<ListedMinute[]> {
  const rows = await select<{ bucket: string; rollup: string; listed: string | null }>({
    sql: `SELECT bucket, rollup, JSON_EXTRACT(extremes, '${countPaths}') AS listed
      FROM rollups_minute LEFT JOIN extremes_minute USING (type, bucket)
      WHERE type = ? AND sensor = ${allSensors} AND bucket >= ? AND bucket < ? ORDER BY bucket`,
    values: [type, toSqlTime(fromMs), toSqlTime(toMs)],
  });
  return rows.map(({ bucket, rollup, listed }) => {
    const { count, score, features } = parseRollup(rollup);
    const counts = JSON.parse(listed ?? '[]') as number[];
    const startMs = toStartMs(bucket);
    return {
      ...{ type, fromMs: startMs, toMs: startMs + minuteMs, bucket, count },
      isListed:
        listed !== null &&
        [score, ...features].every((moments, place) => moments.count <= (counts[place] ?? 0)),
    };
  });
}

interface ListsQuery {
  /** The key of the type. */
  type: number;
  buckets: readonly string[];
  /** The value: the place of a feature in the type, or the score. */
  place: number | 'score';
  side: Side;
}

/**
 * The lists of one value in some buckets. Buckets are left out if their lists are not about all values that the rollups
 * and the waiting deltas count: such lists are about all readings, since readings and scores are only added.
 */
export async function findLists(
  select: Select,
  table: ExtremesTable,
  { type, buckets, place, side }: ListsQuery,
): Promise<Map<string, ExtremeList>> {
  if (buckets.length === 0) return new Map();
  const counted = place === 'score' ? '$.score[0]' : `$.features[${place}][0]`;
  const rows = await select<{ bucket: string; list: string }>({
    sql: `SELECT bucket, JSON_EXTRACT(extremes, '${toListPath(place, side)}') AS list
      FROM ${rollupTables[table]} JOIN ${table} USING (type, bucket)
      WHERE type = ? AND sensor = ${allSensors} AND bucket IN (?)
      AND JSON_VALUE(rollup, '${counted}') = JSON_VALUE(extremes, '${toCountPath(place)}')`,
    values: [type, buckets],
  });
  const waiting = new Set<string>();
  for (const { minutes } of (await listDeltas(select)).flatMap(({ sensors }) =>
    sensors.filter((sensor) => sensor.type === type),
  ))
    for (const { bucket, rollup } of minutes)
      if (countValues(rollup, place) > 0) waiting.add(table === 'extremes_hour' ? toHour(bucket) : bucket);
  return new Map(
    rows
      .filter(({ bucket }) => !waiting.has(bucket))
      .map(({ bucket, list }) => {
        const document = JSON.parse(list) as ListDocument; // only the API writes it
        return [bucket, fromListDocument(document, toStartMs(bucket))];
      }),
  );
}

function countValues({ score, features }: RollupDocument, place: number | 'score'): number {
  return (place === 'score' ? score : features[place])?.[0] ?? 0;
}

function toStartMs(bucket: string): number {
  return Date.parse(fromSqlTimestamp(bucket));
}
