import { climateType } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type Committed, insertReadings } from '../features/readings/insert-readings.ts';
import type { Reading, ScoredReading } from '../features/readings/reading-row.ts';
import type { Lateness } from '../features/statistics/rollups/deltas.ts';
import type { OwnArrivals } from '../features/stream/own-arrivals.ts';
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

interface Arrived<Stored> {
  reading: Stored;
  receivedAt: string;
}

export type ArrivedReading = Arrived<ClimateReading>;

/** The form in which the API works with a reading. */
export function toTyped({ reading: climateReading, receivedAt }: ArrivedReading): Arrived<Reading> {
  const { temperature, humidity, sound_volume, ...reading } = climateReading;
  return {
    reading: { ...reading, type: climate, values: [temperature, humidity, sound_volume] },
    receivedAt,
  };
}

interface StoreOptions {
  fenceShard?: number;
  findLateness?: (rows: readonly ScoredReading[]) => Promise<Lateness[]>;
  ownArrivals?: Pick<OwnArrivals, 'add'>;
}

/** Stores readings in one commit, like the API. */
export function storeReadings(
  pool: Pool,
  rows: readonly ArrivedReading[],
  options: StoreOptions = {},
): Promise<Committed> {
  return storeTyped(pool, rows.map(toTyped), options);
}

/** Stores readings of any types in one commit, like the API. */
export async function storeTyped(
  pool: Pool,
  rows: readonly Arrived<Reading>[],
  options: StoreOptions = {},
): Promise<Committed> {
  const { sensors, models } = createStorageKeys({ pool, maxSensors: 100_000 });
  const nameOf = ({ reading }: Arrived<Reading>) => toSensorName(reading.type.id, reading.sensor_id);
  await sensors.learn(new Set(rows.map(nameOf)));
  const scored = rows.map((row): ScoredReading => {
    const sensor = sensors.known(nameOf(row));
    if (sensor === undefined) throw new Error(`the sensor has no key: ${row.reading.sensor_id}`);
    return { ...row, sensor };
  });
  const types = createTypeRegistry({ pool, defaultName: climate.name });
  return insertReadings(pool, scored, { types, models, ...options });
}
