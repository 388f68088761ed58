import { v7 } from 'uuid';
import { foldDeltas } from '../features/statistics/rollups/fold-deltas.ts';
import { createPool } from '../storage/pool.ts';
import { type ClimateReading, storeReadings } from './climate.ts';

/** Stores one reading per given time (ms since the epoch), alternating between two sensors, and folds the rollups. */
export async function fillReadings(databaseUrl: string, times: readonly number[]): Promise<ClimateReading[]> {
  const pool = createPool({ databaseUrl, connections: 1, isWriting: true });
  const readings = times.map((timeMs, index) => ({
    id: v7(),
    sensor_id: index % 2 === 0 ? 'attic' : 'cellar',
    timestamp: new Date(timeMs).toISOString(),
    temperature: 20 + (index % 13) / 2,
    humidity: 45 + (index % 7),
    sound_volume: 40 + (index % 17) * 3,
    prediction: index % 5 === 0 ? (1 as const) : (0 as const),
    score: (index % 21) / 20,
    model: 'test',
  }));
  await storeReadings(
    pool,
    readings.map((reading) => ({ reading, receivedAt: reading.timestamp })),
  );
  await foldDeltas(pool);
  await pool.end();
  return readings;
}
