import { climateType } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { insertReadings } from '../features/readings/insert-readings.ts';
import type { ScoredReading } from '../features/readings/reading-row.ts';
import type { Lateness } from '../features/statistics/rollups/deltas.ts';
import { createLoadedType } from '../features/types/sensor-type.ts';
import { createTypeRegistry } from '../features/types/type-registry.ts';
import { climateKey, createStorageKeys, toSensorName } from '../storage/keys.ts';

/** The type of most readings in tests. */
export const climate = createLoadedType(climateKey, climateType);

/** A reading of the type `climate` with a field per feature. */
export interface ClimateReading {
  id: string;
  sensor_id: string;
  timestamp: string;
  temperature: number;
  humidity: number;
  sound_volume: number;
  prediction: 0 | 1;
  score: number;
  model: string;
}

export interface ArrivedReading {
  reading: ClimateReading;
  receivedAt: string;
}

interface StoreOptions {
  fenceShard?: number;
  findLateness?: (rows: readonly ScoredReading[]) => Promise<Lateness[]>;
}

/** Stores readings in one commit, like the API. */
export async function storeReadings(
  pool: Pool,
  rows: readonly ArrivedReading[],
  options: StoreOptions = {},
): Promise<void> {
  const { sensors, models } = createStorageKeys({ pool, maxSensors: 100_000 });
  const nameOf = ({ reading }: ArrivedReading) => toSensorName(climateKey, reading.sensor_id);
  await sensors.learn(new Set(rows.map(nameOf)));
  const scored = rows.map((row): ScoredReading => {
    const { temperature, humidity, sound_volume, ...reading } = row.reading;
    const values = [temperature, humidity, sound_volume];
    const sensor = sensors.known(nameOf(row));
    if (sensor === undefined) throw new Error(`the sensor has no key: ${reading.sensor_id}`);
    return { reading: { ...reading, type: climate, values }, sensor, receivedAt: row.receivedAt };
  });
  const types = createTypeRegistry({ pool, defaultName: climate.name });
  await insertReadings(pool, scored, { types, models, ...options });
}
