import type { SeriesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Condition, rangeConditions } from '../../storage/where.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { Range } from './window-plan.ts';

/** What is selected for a series. */
export interface SeriesSelection {
  pool: Pool;
  type: LoadedType;
  query: SeriesQuery;
  keys: readonly number[] | undefined;
  /** The part of the window that has readings. */
  range: Range;
}

export interface SeriesRow {
  seq: number;
  id: Buffer;
  timestamp: string;
  /** JSON */
  features: string;
  prediction: 0 | 1 | null;
  score: number | null;
}

export const seriesColumns = `readings.seq, readings.id, readings.timestamp, readings.features, readings.prediction, readings.score`;

/** Selects the readings or anomalies of a series. */
export function conditionsOf(
  table: 'readings' | 'anomalies',
  { type, keys, range }: Pick<SeriesSelection, 'type' | 'keys' | 'range'>,
): Condition[] {
  const ofSensors =
    keys === undefined
      ? { sql: `${table}.type = ?`, values: [type.id] }
      : { sql: `${table}.sensor IN (?)`, values: [keys] };
  return [ofSensors, ...rangeConditions(`${table}.timestamp`, range)];
}
