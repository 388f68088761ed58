import type { Select, Statement } from '../../../storage/connection.ts';
import { climateKey } from '../../../storage/keys.ts';
import { toSqlTime, toSqlTimestamp } from '../../../storage/sql-values.ts';
import type { ScoredReading } from '../../readings/reading-row.ts';
import type { Arrival } from '../../sensors/alert-memory.ts';
import { Buckets, type TypedSensor } from './buckets.ts';
import { addReading, type RollupDocument, toDocument, toMinute } from './rollup.ts';

/** What a transaction adds to the statistics of one sensor, and what its readings change in the sensor's state. */
export interface SensorDelta extends TypedSensor, Partial<ArrivalDelta> {
  minutes: readonly { bucket: string; rollup: RollupDocument }[];
}

/** What the readings of a commit change in the state of their sensor. Times are as in SQL. */
export interface ArrivalDelta {
  late: number;
  /** The newest timestamp of the sensor after the commit. */
  newest: string;
  /** The last reading of the commit. */
  last: { id: string; received_at: string; prediction: 0 | 1 | null };
  /** The run of equal predictions at the end of the commit; `is_whole` if it is all of the sensor's readings in it. */
  run: { since: string; is_whole: boolean };
  /** In their order; equal neighbors are there once. Missing in deltas of earlier versions. */
  arrivals?: readonly Arrival[];
}

/** The number of late readings of one sensor in a commit, and the sensor's newest timestamp after the commit. */
export interface Lateness {
  /** The key of the sensor. */
  sensor: number;
  late: number;
  newestMs: number;
}

/** A row of `rollup_deltas`: what one commit adds. */
export interface Delta {
  seq: number;
  sensors: readonly SensorDelta[];
}

/** The document of `rollup_deltas`. */
interface DeltaDocument {
  /** In documents that were written before sensors had a type each. */
  type?: number;
  sensors: readonly SensorDelta[];
}

/** Appends what the readings of a commit add. It belongs in the transaction that stores them. */
export function toDeltaStatement(rows: readonly ScoredReading[], lateness: readonly Lateness[]): Statement {
  return toInsert({ sensors: toSensorDeltas(rows, lateness) });
}

function toInsert(document: DeltaDocument): Statement {
  return { sql: 'INSERT INTO rollup_deltas (delta) VALUES (?)', values: [JSON.stringify(document)] };
}

/** Appends scores of readings that are counted already. It belongs in the transaction that stores them. */
export function toScoresStatement(minutes: Buckets): Statement {
  const sensors = new Map<string, SensorDelta & { minutes: { bucket: string; rollup: RollupDocument }[] }>();
  for (const { type, sensor, bucket, rollup } of minutes.list()) {
    const key = `${type} ${sensor}`;
    const delta = sensors.get(key) ?? { type, sensor, minutes: [] };
    sensors.set(key, delta);
    delta.minutes.push({ bucket, rollup: toDocument(rollup) });
  }
  return toInsert({ sensors: [...sensors.values()] });
}

/** By sensor, in the order of the rows. */
export function toSensorDeltas(rows: readonly ScoredReading[], lateness: readonly Lateness[]): SensorDelta[] {
  const bySensor = new Map<number, ScoredReading[]>();
  for (const row of rows) {
    const known = bySensor.get(row.sensor);
    if (known) known.push(row);
    else bySensor.set(row.sensor, [row]);
  }
  const ofSensors = new Map(lateness.map((counts) => [counts.sensor, counts]));
  return [...bySensor].map(([sensor, ofSensor]) => {
    const counts = ofSensors.get(sensor);
    if (counts === undefined) throw new Error(`the sensor has no lateness: ${sensor}`);
    return toSensorDelta(ofSensor, counts);
  });
}

function toSensorDelta(rows: readonly ScoredReading[], { sensor, late, newestMs }: Lateness): SensorDelta {
  const last = rows.at(-1);
  if (last === undefined) throw new Error('a sensor of a commit has no readings');
  const type = last.reading.type.id;
  const buckets = new Buckets();
  for (const { reading } of rows)
    addReading(buckets.at({ type, sensor }, toMinute(reading.timestamp)), reading);
  const { id, prediction } = last.reading;
  const beforeRun = rows.findLastIndex(({ reading }) => reading.prediction !== prediction);
  const firstOfRun = rows[beforeRun + 1] ?? last;
  return {
    type,
    sensor,
    late,
    newest: toSqlTime(newestMs),
    last: { id, received_at: toSqlTimestamp(last.receivedAt), prediction },
    run: { since: toSqlTimestamp(firstOfRun.receivedAt), is_whole: beforeRun < 0 },
    arrivals: toArrivals(rows),
    minutes: buckets.list().map(({ bucket, rollup }) => ({ bucket, rollup: toDocument(rollup) })),
  };
}

function toArrivals(rows: readonly ScoredReading[]): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const { receivedAt, reading } of rows) {
    const receivedMs = Date.parse(receivedAt);
    const [beforeMs, before] = arrivals.at(-1) ?? [];
    if (beforeMs !== receivedMs || before !== reading.prediction)
      arrivals.push([receivedMs, reading.prediction]);
  }
  return arrivals;
}

interface DeltaRow {
  seq: number;
  /** JSON */
  delta: string;
}

interface DeltasQuery {
  limit?: number | undefined;
}

/** The deltas that wait to be folded, in the order of their commits. */
export async function listDeltas(select: Select, { limit }: DeltasQuery = {}): Promise<Delta[]> {
  const sql = `SELECT seq, delta FROM rollup_deltas ORDER BY seq ${limit === undefined ? '' : `LIMIT ${limit}`}`;
  return (await select<DeltaRow>({ sql })).map(toDelta);
}

/** The documents are trusted: only the API writes them. */
function toDelta({ seq, delta }: DeltaRow): Delta {
  const { type = climateKey, sensors } = JSON.parse(delta) as DeltaDocument;
  return { seq, sensors: sensors.map((sensor) => ({ ...sensor, type: sensor.type ?? type })) };
}
