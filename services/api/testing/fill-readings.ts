import { climateType, type StoredReading } from '@sensor-sentinel/contracts';
import { v7 } from 'uuid';
import { insertReadings } from '../features/readings/insert-readings.ts';
import { type Reading, toStoredReading } from '../features/readings/reading-row.ts';
import { foldDeltas } from '../features/statistics/rollups/fold-deltas.ts';
import { createLoadedType } from '../features/types/sensor-type.ts';
import { createTypeRegistry } from '../features/types/type-registry.ts';
import { climateKey, createStorageKeys, toSensorName } from '../storage/keys.ts';
import { createPool } from '../storage/pool.ts';

/** Stores one reading per given time (ms since the epoch), alternating between two sensors, and folds the rollups. */
export async function fillReadings(databaseUrl: string, times: readonly number[]): Promise<StoredReading[]> {
  const pool = createPool({ databaseUrl, connections: 1, isWriting: true });
  const type = createLoadedType(climateKey, climateType);
  const readings = times.map(
    (timeMs, index): Reading => ({
      id: v7(),
      type,
      sensor_id: index % 2 === 0 ? 'attic' : 'cellar',
      timestamp: new Date(timeMs).toISOString(),
      values: [20 + (index % 13) / 2, 45 + (index % 7), 40 + (index % 17) * 3],
      prediction: index % 5 === 0 ? (1 as const) : (0 as const),
      score: (index % 21) / 20,
      model: 'test',
    }),
  );
  const { sensors, models } = createStorageKeys({ pool, maxSensors: 1000 });
  await sensors.learn(new Set(['attic', 'cellar'].map((name) => toSensorName(type.id, name))));
  await insertReadings(
    pool,
    readings.map((reading) => ({
      reading,
      sensor: sensors.known(toSensorName(type.id, reading.sensor_id)) ?? 0,
      receivedAt: reading.timestamp,
    })),
    { types: createTypeRegistry({ pool, defaultName: type.name }), models },
  );
  await foldDeltas(pool);
  await pool.end();
  return readings.map(toStoredReading);
}
