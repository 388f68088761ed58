import type { Select, Statement } from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';
import { fromSqlTimestamp } from '../../../storage/sql-values.ts';
import type { RollupTable } from './buckets.ts';
import { listDeltas, type MinuteExtremes } from './deltas.ts';
import {
  type ExtremeList,
  type Extremes,
  type ExtremesDocument,
  fromExtremesDocument,
  fromListDocument,
  type ListDocument,
  mergeExtremes,
  mergeLists,
  noValues,
  type Side,
  toCountPath,
  toExtremesDocument,
  toListPath,
} from './extremes.ts';
import { type RollupDocument, toHour } from './rollup.ts';

export type ExtremesTable = 'extremes_minute' | 'extremes_hour';

const rollupTables = {
  extremes_minute: 'rollups_minute',
  extremes_hour: 'rollups_hour',
} as const satisfies Record<ExtremesTable, RollupTable>;

/** Stores extremes in place of those of the same buckets. */
export function toExtremesStatement(
  table: ExtremesTable,
  type: number,
  buckets: ReadonlyMap<string, Extremes>,
): Statement {
  const rows = Array.from(buckets, ([bucket, extremes]) => [
    type,
    bucket,
    JSON.stringify(toExtremesDocument(extremes, { startMs: toStartMs(bucket) })),
  ]);
  return {
    sql: `INSERT INTO ${table} (type, bucket, extremes) VALUES ?
      ON DUPLICATE KEY UPDATE extremes = VALUES(extremes)`,
    values: [rows],
  };
}

interface BucketsQuery {
  /** The key of the type. */
  type: number;
  buckets: readonly string[];
}

/** The stored extremes of some buckets, without deltas. */
export async function findStoredExtremes(
  select: Select,
  table: ExtremesTable,
  { type, buckets }: BucketsQuery,
): Promise<Map<string, Extremes>> {
  if (buckets.length === 0) return new Map();
  const rows = await select<{ bucket: string; extremes: string }>({
    sql: `SELECT bucket, extremes FROM ${table} WHERE type = ? AND bucket IN (?)`,
    values: [type, buckets],
  });
  return new Map(
    rows.map(({ bucket, extremes }) => {
      const document = JSON.parse(extremes) as ExtremesDocument; // only the API writes it
      return [bucket, fromExtremesDocument(document, { startMs: toStartMs(bucket) })];
    }),
  );
}

/** The extremes of some buckets, with the deltas that wait to be folded. */
export async function findExtremes(
  select: Select,
  table: ExtremesTable,
  query: BucketsQuery,
): Promise<Map<string, Extremes>> {
  const stored = await findStoredExtremes(select, table, query);
  const pending = (await listDeltas(select)).flatMap((delta) => delta.listExtremes());
  const added = groupByBucket(table, pending).get(query.type);
  const found = query.buckets.map((bucket) => {
    const parts = [stored.get(bucket) ?? [], added?.get(bucket) ?? []].flat();
    return [bucket, mergeExtremes(parts)] as const;
  });
  return new Map(found);
}

/** The extremes of minutes by type, and by the minute or hour of a table. */
export function groupByBucket(
  table: ExtremesTable,
  minutes: readonly MinuteExtremes[],
): Map<number, Map<string, Extremes[]>> {
  const types = new Map<number, Map<string, Extremes[]>>();
  for (const { type, bucket: minute, extremes } of minutes) {
    const bucket = toTableBucket(table, minute);
    const buckets = types.get(type) ?? new Map<string, Extremes[]>();
    types.set(type, buckets.set(bucket, [...(buckets.get(bucket) ?? []), extremes]));
  }
  return types;
}

interface ListsQuery extends BucketsQuery {
  /** The value: the place of a feature in the type, or the score. */
  place: number | 'score';
  side: Side;
}

interface ListRow {
  bucket: string;
  /** The number of values in the rollup of all sensors. */
  count: number | null;
  listed: number | null;
  /** JSON */
  list: string | null;
}

/**
 * The lists of one value in some buckets, with the deltas that wait to be folded. Buckets are left out if their lists are not
 * about all values that the rollups count: readings that were stored by an older version, or scored later, are not listed.
 */
export async function findLists(
  select: Select,
  table: ExtremesTable,
  { type, buckets, place, side }: ListsQuery,
): Promise<Map<string, ExtremeList>> {
  if (buckets.length === 0) return new Map();
  const rollups = rollupTables[table];
  const ofRollup = place === 'score' ? '$.score[0]' : `$.features[${place}][0]`;
  const toNumber = (column: string, path: string) => `CAST(JSON_VALUE(${column}, '${path}') AS UNSIGNED)`;
  const rows = await select<ListRow>({
    sql: `SELECT ${rollups}.bucket, ${toNumber(`${rollups}.rollup`, ofRollup)} AS count,
      ${toNumber(`${table}.extremes`, toCountPath(place))} AS listed,
      JSON_EXTRACT(${table}.extremes, '${toListPath(place, side)}') AS list
      FROM ${rollups} LEFT JOIN ${table} ON ${table}.type = ${rollups}.type AND ${table}.bucket = ${rollups}.bucket
      WHERE ${rollups}.type = ? AND ${rollups}.sensor = ${allSensors} AND ${rollups}.bucket IN (?)`,
    values: [type, buckets],
  });
  const found = new Map(buckets.map((bucket) => [bucket, { unlisted: 0, lists: [] as ExtremeList[] }]));
  for (const { bucket, count, listed, list } of rows) {
    const part = found.get(bucket);
    if (part === undefined) continue;
    part.unlisted += (count ?? 0) - (listed ?? 0);
    if (list === null) continue;
    const document = JSON.parse(list) as ListDocument; // only the API writes it
    part.lists.push(fromListDocument(document, { startMs: toStartMs(bucket) }));
  }
  for (const delta of await listDeltas(select)) {
    for (const { minutes } of delta.sensors.filter((sensor) => sensor.type === type))
      for (const { bucket, rollup } of minutes) {
        const part = found.get(toTableBucket(table, bucket));
        if (part !== undefined) part.unlisted += countValues(rollup, place);
      }
    for (const minute of delta.listExtremes().filter((extremes) => extremes.type === type)) {
      const part = found.get(toTableBucket(table, minute.bucket));
      const { score, features } = minute.extremes;
      const added = place === 'score' ? score : (features[place] ?? noValues);
      if (part === undefined) continue;
      part.unlisted -= added.count;
      part.lists.push(added[side]);
    }
  }
  const known = [...found].filter(([, { unlisted, lists }]) => unlisted === 0 && lists.length > 0);
  return new Map(known.map(([bucket, { lists }]) => [bucket, mergeLists(lists, { side })]));
}

function countValues({ score, features }: RollupDocument, place: number | 'score'): number {
  return (place === 'score' ? score : features[place])?.[0] ?? 0;
}

/** The bucket of a table that a minute is in. */
function toTableBucket(table: ExtremesTable, minute: string): string {
  return table === 'extremes_hour' ? toHour(minute) : minute;
}

function toStartMs(bucket: string): number {
  return Date.parse(fromSqlTimestamp(bucket));
}
