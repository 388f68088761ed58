import type { ReadingsSelection } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import {
  allConditions,
  commonConditions,
  listRanged,
  type RangedColumn,
  rangeConditions,
} from './reading-filters.ts';

/** Up to so many readings are sorted anew for each page; `total` stops counting here too. */
export const countLimit = 10_000;

/**
 * How a page is found. `order`: along the index of its order, passing over what the filters leave out: fast where
 * they leave much. `few`: a filter leaves so few that they are all looked at and sorted: fast where they leave little.
 */
export interface ReadingsPlan {
  way: 'order' | 'few';
  index: string;
  /** How many match, counted to the limit; undefined where no index tells. */
  total: number | undefined;
  /** The index by which to look at all that match, where what matches lies too far apart in the order. */
  otherwise?: string;
}

/** Chooses by the size of each filter's stretch, which costs the same whatever the table's size. */
export async function planReadings(pool: Pool, selection: ReadingsSelection): Promise<ReadingsPlan> {
  const order = toOrderIndex(selection);
  const stretches = listStretches(selection);
  const sizes = await Promise.all(stretches.map((stretch) => countStretch(pool, stretch)));
  const smallest = Math.min(...sizes);
  const index = stretches[sizes.indexOf(smallest)]?.index ?? order;
  const hasOneFilter = stretches.length === 1;
  if (smallest === countLimit) {
    const total = hasOneFilter ? countLimit : undefined;
    const time = toTimeStretch(selection);
    const otherwise = time.conditions.length > 0 && time.index !== order && { otherwise: time.index };
    return { way: 'order', index: order, total, ...otherwise };
  }
  const total = hasOneFilter ? smallest : await countFew(pool, selection, index);
  return { way: hasOneFilter && index === order ? 'order' : 'few', index, total };
}

function toOrderIndex({ sort, sensor_id, prediction }: ReadingsSelection): string {
  if (sort !== 'timestamp' && sort !== 'prediction') return `readings_${sort}`;
  const hasPrediction = sort === 'prediction' || prediction !== undefined;
  return toTimeIndex({ hasSensor: sensor_id !== undefined, hasPrediction });
}

/** The index that has the readings of these sensors and of this prediction by time; of sensors per prediction only. */
function toTimeIndex({ hasSensor, hasPrediction }: { hasSensor: boolean; hasPrediction: boolean }) {
  if (hasSensor) return 'readings_sensor_prediction_timestamp';
  return hasPrediction ? 'readings_prediction_timestamp' : 'readings_timestamp';
}

/** An index, and the conditions that select one stretch of it. */
interface Stretch {
  index: string;
  conditions: readonly Condition[];
}

/** Every filter as the stretch of an index. */
function listStretches(selection: ReadingsSelection): Stretch[] {
  const time = toTimeStretch(selection);
  const ranges = listRanged(selection).map((column) => toRangeStretch(selection, column));
  return time.conditions.length > 0 || ranges.length === 0 ? [time, ...ranges] : ranges;
}

function toTimeStretch(selection: ReadingsSelection): Stretch {
  const { sensor_id, prediction } = selection;
  const index = toTimeIndex({ hasSensor: sensor_id !== undefined, hasPrediction: prediction !== undefined });
  return { index, conditions: commonConditions(selection) };
}

function toRangeStretch(selection: ReadingsSelection, column: RangedColumn): Stretch {
  return { index: `readings_${column}`, conditions: rangeConditions(selection, column) };
}

/** Looks at the index only, and at no more of it than the limit. */
async function countStretch(pool: Pool, { index, conditions }: Stretch): Promise<number> {
  const where = toWhere(conditions);
  const sql = `SELECT COUNT(*) AS size FROM
    (SELECT 1 FROM readings FORCE INDEX (${index}) ${where.sql} LIMIT ${countLimit}) AS stretch`;
  const [row] = await selectRows<{ size: number }>(pool, { sql, values: where.values });
  return row?.size ?? 0;
}

/** How many match, where a stretch of an index holds them all and few others. */
async function countFew(pool: Pool, selection: ReadingsSelection, index: string): Promise<number> {
  const where = toWhere(allConditions(selection));
  const sql = `SELECT COUNT(*) AS total FROM readings FORCE INDEX (${index}) ${where.sql}`;
  const [row] = await selectRows<{ total: number }>(pool, { sql, values: where.values });
  return row?.total ?? 0;
}
