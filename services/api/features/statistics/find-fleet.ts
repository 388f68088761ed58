import type { Fleet, FleetQuery, FleetSensor } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inSnapshot } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { limitSelect } from '../../storage/time-limit.ts';
import { fromMemoryRow, toSilentAfterMs } from '../sensors/alert-memory.ts';
import { placeOfRetired, statesByPlace } from '../sensors/sensor-places.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { type BucketCounts, countByBucket } from './fleet-counts.ts';
import { listFleetIncidents } from './fleet-incidents.ts';
import { type FleetRow, listFleetRows } from './fleet-rows.ts';
import type { Range } from './window-plan.ts';

const limitMs = 2000;
const dayMs = 86_400_000;

interface FleetOptions {
  type: LoadedType;
  now: Date;
  silentAfterMs: number;
}

/**
 * The sensors with their anomalies and incidents over time, the worst first, in one state of the database.
 * @throws StorageError `question_too_slow`
 */
export async function findFleet(
  pool: Pool,
  query: FleetQuery,
  { type, now, silentAfterMs }: FleetOptions,
): Promise<Fleet> {
  const window = toFleetWindow(query, now);
  const found = await inSnapshot(pool, async (unlimited) => {
    const select = limitSelect(unlimited, limitMs);
    const options = { names: query.sensor_id, now, silentAfterMs };
    const rows = await listFleetRows(unlimited, type.id, options);
    const sensors = rows.map(({ sensor }) => sensor);
    const counts = await countByBucket({ select, unlimited }, { type: type.id, sensors, window, query });
    return { rows, ...counts, incidents: await listFleetIncidents(select, sensors, window) };
  });
  const { rows, grid, counts, incidents } = found;
  const { startMs, bucketMs, buckets } = grid;
  const sensors = rows.map((row) => ({
    ...toStateFields(row, silentAfterMs),
    ...toCountFields(counts.get(row.sensor), buckets),
    ...(incidents.get(row.sensor) ?? { incidents: [], more_incidents: 0 }),
  }));
  return {
    type: type.name,
    ...{ from: toUtc(window.fromMs), to: toUtc(window.toMs), as_of: now.toISOString() },
    ...{ start: toUtc(startMs), bucket_ms: bucketMs, buckets },
    sensors: sensors.filter(({ retired, count }) => !retired || count > 0).sort(compareSensors),
    more: (rows[0]?.total ?? 0) - rows.length,
  };
}

/** A window that begins in the future has a millisecond. */
function toFleetWindow({ from, to }: FleetQuery, now: Date): Range {
  const fromMs = from === undefined ? undefined : Date.parse(from);
  const toMs = to === undefined ? Math.max(now.getTime(), (fromMs ?? 0) + 1) : Date.parse(to);
  return { fromMs: fromMs ?? toMs - dayMs, toMs };
}

const toUtc = (timeMs: number) => new Date(timeMs).toISOString();

function toStateFields(row: FleetRow, silentAfterMs: number) {
  return {
    sensor_id: row.sensor_id,
    state: statesByPlace[row.place],
    retired: row.place === placeOfRetired,
    newest_at: fromSqlTimestamp(row.received_at),
    silent_after_ms: toSilentAfterMs(fromMemoryRow(row), silentAfterMs),
  };
}

function toCountFields(found: BucketCounts | undefined, buckets: number) {
  const none = Array<number>(buckets).fill(0);
  const { readings, anomalies } = found ?? { readings: none, anomalies: none };
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    ...{ count: sum(readings), anomalies: sum(anomalies) },
    ...{ bucket_count: readings, bucket_anomalies: anomalies },
  };
}

/** By firing incidents, then by the share of anomalies, then silent ones first, then by name. */
function compareSensors(a: FleetSensor, b: FleetSensor): number {
  const byUrgency = toUrgency(b) - toUrgency(a);
  const byShare = toShare(b) - toShare(a);
  const bySilence = Number(b.state === 'silent') - Number(a.state === 'silent');
  return byUrgency || byShare || bySilence || (a.sensor_id < b.sensor_id ? -1 : 1);
}

/** 2 with a firing incident that nobody has acknowledged, 1 with other firing incidents. */
function toUrgency({ incidents }: FleetSensor): 0 | 1 | 2 {
  const firing = incidents.filter(({ ended_at }) => ended_at === null);
  if (firing.length === 0) return 0;
  return firing.every(({ acknowledged }) => acknowledged) ? 1 : 2;
}

function toShare({ count, anomalies }: FleetSensor): number {
  return count === 0 ? 0 : anomalies / count;
}
