import type { FeatureValues } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';

/** What was measured, and the label that was stored with it. */
export type LabelledReading = FeatureValues & { prediction: 0 | 1 };

/** The readings that were stored last, newest first. */
export async function listLastReadings(pool: Pool, count: number): Promise<LabelledReading[]> {
  if (count === 0) return [];
  const sql =
    'SELECT temperature, humidity, sound_volume, prediction FROM readings ORDER BY seq DESC LIMIT ?';
  return selectRows<LabelledReading>(pool, { sql, values: [count] });
}
