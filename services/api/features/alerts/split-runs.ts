import type { Pool } from 'mysql2/promise';
import { isAfterSql, isBeforeSql, type Place } from './anomaly-place.ts';
import type { Anomaly } from './scan-anomalies.ts';
import { selectBranches } from './select-branches.ts';

/** Anomalies of one sensor without a normal reading between them, newest first. */
export interface Run {
  sensorId: string;
  anomalies: [Anomaly, ...Anomaly[]];
  /** The normal readings beside it, where a scan has shown them; before the first one and after the last. */
  before: Place | undefined;
  after: Place | undefined;
  /** Whether it is the oldest, or the newest, of its sensor in the scan: it may go on beyond. */
  isOldest: boolean;
  isNewest: boolean;
}

interface Pair {
  older: Anomaly;
  newer: Anomaly;
}

function listPairs(anomalies: readonly Anomaly[]): Pair[] {
  return anomalies.slice(1).map((older, index) => ({ older, newer: anomalies[index] ?? older }));
}

/** Of each pair, the first normal reading between the two, by the `seq` of the older. */
async function findBetween(pool: Pool, pairs: readonly Pair[]): Promise<Map<number, Place>> {
  const branches = pairs.map(({ older, newer }) => ({
    sensorId: older.sensor_id,
    prediction: 0 as const,
    conditions: [...isAfterSql(older), ...isBeforeSql(newer)],
  }));
  const first = { columns: 'timestamp, seq', rest: 'ORDER BY timestamp, seq LIMIT 1' };
  const rows = await selectBranches<Place>(pool, first, branches);
  return new Map(
    rows.map(({ branch, timestamp, seq }) => [pairs[branch]?.older.seq ?? -1, { timestamp, seq }]),
  );
}

function toRuns(anomalies: readonly Anomaly[], between: ReadonlyMap<number, Place>): Run[] {
  const runs: Run[] = [];
  for (const anomaly of anomalies) {
    const newer = runs.at(-1);
    const normal = between.get(anomaly.seq);
    if (newer !== undefined && normal === undefined) {
      newer.anomalies.push(anomaly);
      continue;
    }
    if (newer !== undefined) {
      newer.isOldest = false;
      newer.before = normal;
    }
    const isNewest = newer === undefined;
    const sensorId = anomaly.sensor_id;
    runs.push({ sensorId, anomalies: [anomaly], before: undefined, after: normal, isOldest: true, isNewest });
  }
  return runs;
}

function groupBySensor(anomalies: readonly Anomaly[]): Anomaly[][] {
  const bySensor = new Map<string, Anomaly[]>();
  for (const anomaly of anomalies) {
    const known = bySensor.get(anomaly.sensor_id);
    if (known) known.push(anomaly);
    else bySensor.set(anomaly.sensor_id, [anomaly]);
  }
  return [...bySensor.values()];
}

/** The runs that a scan, newest first, has come upon; in the order of their newest anomalies. */
export async function splitRuns(pool: Pool, scanned: readonly Anomaly[]): Promise<Run[]> {
  const ofSensors = groupBySensor(scanned);
  const between = await findBetween(pool, ofSensors.flatMap(listPairs));
  const places = new Map(scanned.map(({ seq }, place) => [seq, place]));
  const placeOf = ({ anomalies }: Run) => places.get(anomalies[0].seq) ?? 0;
  return ofSensors.flatMap((anomalies) => toRuns(anomalies, between)).sort((a, b) => placeOf(a) - placeOf(b));
}
