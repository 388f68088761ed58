import { anomalyRate, type Sensor, type SensorsPage, type SensorsQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toValidationError } from '../../http/parse-request.ts';
import { inSnapshot } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import type { ArrivedRow } from '../readings/reading-row.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { fromMemoryRow, toSensorState, toSilentAfterMs } from './alert-memory.ts';
import { findActivity, sparklineStepMs, toSinceMs } from './find-activity.ts';
import { findArrivals, toArrival } from './newest-arrivals.ts';
import { countSensors, formatSensorCursor, listSensorPlaces, parseSensorCursor } from './sensor-places.ts';

interface SensorsOptions {
  type: LoadedType;
  now: Date;
  silentAfterMs: number;
}

/**
 * One page of sensors. Readings and activity are read only for the sensors on the page.
 * @throws ApiError `validation_failed` for an invalid cursor; StorageError
 */
export async function findSensors(
  pool: Pool,
  query: SensorsQuery,
  { type, now, silentAfterMs }: SensorsOptions,
): Promise<SensorsPage> {
  const { limit, cursor, sparkline } = query;
  const subject = toSubject(type, sparkline);
  const after = cursor === undefined ? undefined : parseSensorCursor(cursor, query);
  const place = { type: type.id, now, silentAfterMs };
  const { places, total, newest, activities } = await inSnapshot(pool, async (select) => {
    const places = await listSensorPlaces(select, query, { ...place, after, limit: limit + 1 });
    const sensors = places.slice(0, limit).map(({ sensor }) => sensor);
    return {
      places,
      total: places[0]?.total ?? (await countSensors(select, query, place)),
      newest: await findArrivals(
        select,
        places.map(({ last_id }) => last_id),
      ),
      activities: await findActivity(select, { type: type.id, sensors, subject, now }),
    };
  });
  const page = places.slice(0, limit);
  const sensors = page.flatMap(({ sensor_id, sensor, last_id, last_seen, ...memoryRow }): Sensor[] => {
    const activity = activities.get(sensor);
    if (activity === undefined) return [];
    const row = newest.get(last_id.toString('hex'));
    // Arrivals are written up to a second later.
    const seen = last_seen ?? row?.received_at;
    const lastSeen = seen === undefined ? null : fromSqlTimestamp(seen);
    const shown = toNewest(type, row, {
      isHeld: memoryRow.anomaly_at !== null,
      silentBeforeMs: now.getTime() - toSilentAfterMs(fromMemoryRow(memoryRow), silentAfterMs),
    });
    return [{ sensor_id, ...shown, last_seen: lastSeen, ...activity }];
  });
  const last = places.length > limit ? page.at(-1) : undefined;
  return {
    type: type.name,
    as_of: now.toISOString(),
    silent_after_ms: silentAfterMs,
    since: new Date(toSinceMs(now)).toISOString(),
    sparkline_of: sparkline,
    sparkline_step_ms: sparklineStepMs,
    total,
    sensors,
    next_cursor: last ? formatSensorCursor(query, last) : null,
  };
}

type Newest = Pick<Sensor, 'state' | 'reading' | 'clock_ahead_ms'>;

/** The place of a feature in its type; undefined for the share of anomalies. @throws ApiError `validation_failed` */
function toSubject({ featureNames }: LoadedType, sparkline: string): number | undefined {
  if (sparkline === anomalyRate) return undefined;
  const place = featureNames.indexOf(sparkline);
  if (place >= 0) return place;
  const message = `expected one of ${[anomalyRate, ...featureNames].join(', ')}`;
  throw toValidationError([{ path: 'sparkline', message }]);
}

function toNewest(
  type: LoadedType,
  row: ArrivedRow | undefined,
  { silentBeforeMs, isHeld }: { silentBeforeMs: number; isHeld: boolean },
): Newest {
  if (row === undefined) return { state: 'silent', reading: null, clock_ahead_ms: null };
  const { reading, received_at, clock_ahead_ms } = toArrival(type, row);
  const state = toSensorState(reading.prediction, isHeld);
  const isSilent = Date.parse(received_at) < silentBeforeMs;
  return { state: isSilent ? 'silent' : state, reading, clock_ahead_ms };
}
