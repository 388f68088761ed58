import type { Select, Statement } from '../../../storage/connection.ts';
import { climateKey } from '../../../storage/keys.ts';
import { fromSqlTimestamp, toSqlTime, toSqlTimestamp } from '../../../storage/sql-values.ts';
import type { ScoredReading } from '../../readings/reading-row.ts';
import { Buckets, type TypedSensor } from './buckets.ts';
import {
  type Extremes,
  type ExtremesDocument,
  fromExtremesDocument,
  type ListedReading,
  toCapacityOfCommit,
  toExtremes,
  toExtremesDocument,
} from './extremes.ts';
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
  /** The extremes of minutes of all sensors of a type, parsed when they are needed. */
  listExtremes: () => MinuteExtremes[];
}

export interface MinuteExtremes {
  /** The key of the type. */
  type: number;
  bucket: string;
  extremes: Extremes;
}

/** The document of `rollup_deltas`. */
interface DeltaDocument {
  /** In documents that were written before sensors had a type each. */
  type?: number;
  sensors: readonly SensorDelta[];
  /** With the places of readings in the commit instead of their numbers. */
  extremes?: readonly { type: number; bucket: string; extremes: ExtremesDocument }[];
  /** The number of the first reading, and the step to the next one. */
  first_seq?: number;
  seq_step?: number;
}

/**
 * Appends what the readings of a commit add. It belongs in the transaction that stores them, after the INSERT of all rows in
 * their order: the server numbers them consecutively, from LAST_INSERT_ID() on.
 */
export function toDeltaStatement(rows: readonly ScoredReading[], lateness: readonly Lateness[]): Statement {
  const document: DeltaDocument = {
    sensors: toSensorDeltas(rows, lateness),
    extremes: toMinuteExtremes(rows),
  };
  return {
    sql: `INSERT INTO rollup_deltas (delta) VALUES
      (CONCAT('{"first_seq":', LAST_INSERT_ID(), ',"seq_step":', @@auto_increment_increment, ',', ?))`,
    values: [JSON.stringify(document).slice(1)],
  };
}

function toMinuteExtremes(rows: readonly ScoredReading[]) {
  const minutes = new Map<string, { type: number; bucket: string; readings: ListedReading[] }>();
  for (const [seq, { reading }] of rows.entries()) {
    const { type, timestamp, values, score } = reading;
    const bucket = toMinute(timestamp);
    const key = `${type.id} ${bucket}`;
    const minute = minutes.get(key) ?? { type: type.id, bucket, readings: [] };
    minutes.set(key, minute);
    minute.readings.push({ timestamp, seq, values, score });
  }
  return Array.from(minutes.values(), ({ type, bucket, readings }) => {
    const extremes = toExtremes(readings, toCapacityOfCommit(readings.length));
    const startMs = Date.parse(fromSqlTimestamp(bucket));
    return { type, bucket, extremes: toExtremesDocument(extremes, { startMs }) };
  });
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
  const document: DeltaDocument = { sensors: [...sensors.values()] };
  return { sql: 'INSERT INTO rollup_deltas (delta) VALUES (?)', values: [JSON.stringify(document)] };
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
    minutes: buckets.list().map(({ bucket, rollup }) => ({ bucket, rollup: toDocument(rollup) })),
  };
}

interface DeltaRow {
  seq: number;
  /** JSON */
  delta: string;
}

interface DeltasQuery {
  limit?: number;
}

/** The deltas that wait to be folded, in the order of their commits. */
export async function listDeltas(select: Select, { limit }: DeltasQuery = {}): Promise<Delta[]> {
  const sql = `SELECT seq, delta FROM rollup_deltas ORDER BY seq ${limit === undefined ? '' : `LIMIT ${limit}`}`;
  return (await select<DeltaRow>({ sql })).map(toDelta);
}

/** The documents are trusted: only the API writes them. */
function toDelta({ seq, delta }: DeltaRow): Delta {
  const document = JSON.parse(delta) as DeltaDocument;
  const { type = climateKey, sensors, extremes = [], first_seq = 0, seq_step = 1 } = document;
  return {
    seq,
    sensors: sensors.map((sensor) => ({ ...sensor, type: sensor.type ?? type })),
    listExtremes: () =>
      extremes.map((minute) => {
        const startMs = Date.parse(fromSqlTimestamp(minute.bucket));
        const base = { startMs, firstSeq: first_seq, seqStep: seq_step };
        return { ...minute, extremes: fromExtremesDocument(minute.extremes, base) };
      }),
  };
}
