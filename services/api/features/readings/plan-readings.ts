import type { ReadingsSelection } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import {
  allConditions,
  commonConditions,
  listRangedColumns,
  type RangedColumn,
  rangeConditions,
} from './reading-filters.ts';

/** Largest number of readings that are sorted for a page, and the limit of `total`. */
export const countLimit = 10_000;

/**
 * How to find a page. `walk`: follow the index of the sort column and skip rows that do not match, which is fast if many
 * match. `sort`: read all rows that match one filter and sort them, which is fast if few match.
 */
export interface ReadingsPlan {
  strategy: 'walk' | 'sort';
  index: string;
  /** Number of matching readings, up to `countLimit`; undefined if no index gives it. */
  total: number | undefined;
  /** The index for sorting all matches, in case a walk takes too long. */
  fallbackIndex?: string;
}

/** Chooses by the size of each filter's index range. The cost does not depend on the size of the table. @throws StorageError */
export async function planReadings(pool: Pool, selection: ReadingsSelection): Promise<ReadingsPlan> {
  const order = toOrderIndex(selection);
  const ranges = listIndexRanges(selection);
  const sizes = await Promise.all(ranges.map((range) => countRange(pool, range)));
  const smallest = Math.min(...sizes);
  const index = ranges[sizes.indexOf(smallest)]?.index ?? order;
  const hasOneFilter = ranges.length === 1;
  if (smallest === countLimit) {
    const total = hasOneFilter ? countLimit : undefined;
    const time = toTimeRange(selection);
    const fallback = time.conditions.length > 0 && time.index !== order && { fallbackIndex: time.index };
    return { strategy: 'walk', index: order, total, ...fallback };
  }
  const total = hasOneFilter ? smallest : await countMatches(pool, selection, index);
  return { strategy: hasOneFilter && index === order ? 'walk' : 'sort', index, total };
}

function toOrderIndex({ sort, sensor_id, prediction }: ReadingsSelection): string {
  if (sort !== 'timestamp' && sort !== 'prediction') return `readings_${sort}`;
  const hasPrediction = sort === 'prediction' || prediction !== undefined;
  return toTimeIndex({ hasSensor: sensor_id !== undefined, hasPrediction });
}

/** The index that sorts by time for the given filters. */
function toTimeIndex({ hasSensor, hasPrediction }: { hasSensor: boolean; hasPrediction: boolean }) {
  if (hasSensor) return 'readings_sensor_prediction_timestamp';
  return hasPrediction ? 'readings_prediction_timestamp' : 'readings_timestamp';
}

/** An index, and the conditions that select a contiguous range of it. */
interface IndexRange {
  index: string;
  conditions: readonly Condition[];
}

/** Each filter as the range of an index. */
function listIndexRanges(selection: ReadingsSelection): IndexRange[] {
  const time = toTimeRange(selection);
  const ranges = listRangedColumns(selection).map((column) => toFeatureRange(selection, column));
  return time.conditions.length > 0 || ranges.length === 0 ? [time, ...ranges] : ranges;
}

function toTimeRange(selection: ReadingsSelection): IndexRange {
  const { sensor_id, prediction } = selection;
  const index = toTimeIndex({ hasSensor: sensor_id !== undefined, hasPrediction: prediction !== undefined });
  return { index, conditions: commonConditions(selection) };
}

function toFeatureRange(selection: ReadingsSelection, column: RangedColumn): IndexRange {
  return { index: `readings_${column}`, conditions: rangeConditions(selection, column) };
}

/** Counts index entries, at most `countLimit`. */
async function countRange(pool: Pool, { index, conditions }: IndexRange): Promise<number> {
  const where = toWhere(conditions);
  const sql = `SELECT COUNT(*) AS size FROM
    (SELECT 1 FROM readings FORCE INDEX (${index}) ${where.sql} LIMIT ${countLimit}) AS counted`;
  const [row] = await selectRows<{ size: number }>(pool, { sql, values: where.values });
  return row?.size ?? 0;
}

/** Counts the matching readings within a small index range. */
async function countMatches(pool: Pool, selection: ReadingsSelection, index: string): Promise<number> {
  const where = toWhere(allConditions(selection));
  const sql = `SELECT COUNT(*) AS total FROM readings FORCE INDEX (${index}) ${where.sql}`;
  const [row] = await selectRows<{ total: number }>(pool, { sql, values: where.values });
  return row?.total ?? 0;
}
