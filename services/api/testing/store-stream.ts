import type { Pool } from 'mysql2/promise';
import { v7 } from 'uuid';
import { type ClimateReading, storeReadings } from './climate.ts';

interface StreamOptions {
  sensor: string;
  firstMs: number;
  /** When all of them arrive. Default: each at its timestamp. */
  receivedMs?: number;
  values?: Partial<ClimateReading>;
}

/** Stores a reading per second, in one commit: `1` is an anomaly with score 0.9, `0` is normal with score 0.1. */
export async function storeStream(
  pool: Pool,
  predictions: string,
  { sensor, firstMs, receivedMs, values }: StreamOptions,
): Promise<ClimateReading[]> {
  const readings = [...predictions].map((digit, index): ClimateReading => {
    const prediction = digit === '1' ? 1 : 0;
    return {
      id: v7(),
      sensor_id: sensor,
      timestamp: new Date(firstMs + index * 1000).toISOString(),
      temperature: 24,
      humidity: 52,
      sound_volume: 60,
      prediction,
      score: prediction === 1 ? 0.9 : 0.1,
      model: 'test',
      ...values,
    };
  });
  const rows = readings.map((reading) => ({
    reading,
    receivedAt: receivedMs === undefined ? reading.timestamp : new Date(receivedMs).toISOString(),
  }));
  await storeReadings(pool, rows);
  return readings;
}
