import { setTimeout as delay } from 'node:timers/promises';
import { climateType, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Records } from './records.ts';

const tolerance = 1e-9;
const binCount = 20;
const maxPolls = 600;
const valueNames = [...climateType.features.map(({ name }) => name), 'score'];

/** The figures of a rollup by name. */
type Figures = Readonly<Record<string, number>>;

/** Of one feature or the score: the mean, the sum of squared deviations, minimum and maximum. */
type Moments = readonly [mean: number, deviations: number, min: number, max: number];

function toFigures(
  { count, anomalies, bins }: { count: number; anomalies: number; bins: Readonly<Record<string, number>> },
  moments: readonly Moments[],
): Figures {
  const named = moments.flatMap(([mean, deviations, min, max], index) =>
    Object.entries({ mean, deviations, min, max }).map(([what, value]) => [
      `${valueNames[index]}_${what}`,
      value,
    ]),
  );
  const counts = Array.from({ length: binCount }, (_, bin) => [`bin_${bin}`, bins[bin] ?? 0]);
  return { count, anomalies, ...Object.fromEntries([...counts, ...named]) };
}

/** The rollup that the readings of a bucket must have. All of them have a score and every value. */
function rollUp(readings: readonly StoredReading[]): Figures {
  const bins: Record<number, number> = {};
  for (const reading of readings) {
    const score = featureValueOf(reading, 'score') ?? Number.NaN;
    const bin = Math.min(Math.floor(score * binCount), binCount - 1);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const add = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const moments = valueNames.map((name): Moments => {
    const values = readings.map((reading) => featureValueOf(reading, name) ?? Number.NaN);
    const mean = add(values) / values.length;
    const deviations = add(values.map((value) => (value - mean) ** 2));
    const sorted = values.toSorted((a, b) => a - b);
    return [mean, deviations, sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  });
  const anomalies = add(readings.map(({ prediction }) => prediction ?? Number.NaN));
  return toFigures({ count: readings.length, anomalies, bins }, moments);
}

/** A rollup as it is stored: docs/storage.md describes the document. */
interface RollupDocument {
  count: number;
  anomalies: number;
  /** [count, mean, deviations, min, max], or [count, value] of equal values. */
  features: number[][];
  score: number[];
  bins: Record<string, number>;
}

function fromDocument({ features, score, ...counts }: RollupDocument): Figures {
  const moments = [...features, score].map(
    ([, mean = Number.NaN, deviations = 0, min = mean, max = mean]) => {
      return [mean, deviations, min, max] as const;
    },
  );
  return toFigures(counts, moments);
}

/** Resolves once the API has folded what commits added into the rollups. @throws where it does not */
export async function waitUntilFolded(connection: Connection): Promise<void> {
  for (let poll = 0; poll < maxPolls; poll++) {
    const [deltas] = await connection.query<RowDataPacket[]>('SELECT 1 FROM rollup_deltas LIMIT 1');
    if (deltas.length === 0) return;
    await delay(100);
  }
  throw new Error('the rollup deltas are not folded');
}

const lengthOfStart: Readonly<Record<string, number>> = {
  rollups_minute: 16,
  rollups_ten_minutes: 15,
  rollups_hour: 13,
};

/** Compares all rollup tables with sums over all rows; resolves with the number of buckets. */
export async function checkRollups(
  connection: Connection,
  { rows, records }: { rows: readonly StoredReading[]; records: Records },
): Promise<number> {
  const [sensors] = await connection.query<RowDataPacket[]>('SELECT id, name FROM sensors');
  const keys = new Map(sensors.map(({ id, name }) => [String(name), Number(id)]));
  let count = 0;
  for (const [table, length] of Object.entries(lengthOfStart)) {
    const readings = new Map<string, StoredReading[]>();
    for (const row of rows) {
      // The sensor 0 stands for all of them.
      for (const sensor of [keys.get(row.sensor_id), 0]) {
        const key = `${sensor} ${row.timestamp.slice(0, length)}`;
        const others = readings.get(key);
        if (others) others.push(row);
        else readings.set(key, [row]);
      }
    }
    const sql = `SELECT CONCAT(sensor, ' ', LEFT(DATE_FORMAT(bucket, '%Y-%m-%dT%H:%i:%s'), ?)) AS name, rollup FROM ${table}`;
    const [documents] = await connection.query<RowDataPacket[]>(sql, [length]);
    const stored = new Map(
      documents.map(({ name, rollup }) => [String(name), fromDocument(JSON.parse(rollup))]),
    );
    count += readings.size;
    for (const key of new Set([...readings.keys(), ...stored.keys()])) {
      const [is, shouldBe] = [stored.get(key) ?? {}, rollUp(readings.get(key) ?? [])];
      const differences = Object.entries(shouldBe)
        .filter(([name, value]) => !isEqual(is[name] ?? 0, value))
        .map(([name, value]) => `${name} ${is[name]} ≠ ${value}`);
      if (differences.length > 0) records.note('rollups', `${table} ${key}: ${differences.join('; ')}`);
    }
  }
  return count;
}

function isEqual(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one), Math.abs(other));
}
