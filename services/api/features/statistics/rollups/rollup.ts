import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';
import type { ScoredReading } from '../../readings/reading-row.ts';

/** The number of equal bins of [0, 1] in which scores are counted. */
export const rollupBins = 20;

/** The columns of the bins, from the lowest scores to the highest. */
export const binColumns: readonly `bin_${string}`[] = Array.from(
  { length: rollupBins },
  (_, bin) => `bin_${String(bin).padStart(2, '0')}` as const,
);

/** The sensor id of the rollups of all sensors together. No sensor can have it. */
export const allSensors = '';

interface FeatureRollup {
  mean: number;
  /** The sum of squared deviations from the mean. */
  deviations: number;
  min: number;
  max: number;
}

interface RollupKey {
  sensor_id: string;
  /** The UTC start of the minute or hour, as in SQL. */
  bucket: string;
}

/** The statistics of one sensor, or of all sensors, in one minute or hour. */
export interface Rollup extends RollupKey {
  count: number;
  anomalies: number;
  features: Record<FeatureName, FeatureRollup>;
  /** The number of scores in each bin. */
  bins: number[];
}

/** Rolls readings up by sensor and minute. */
export function rollUpMinutes(readings: readonly ScoredReading[]): Rollup[] {
  const minutes = createRollups();
  for (const scored of readings) {
    const { sensor_id, timestamp } = scored.reading;
    addReading(minutes.at(sensor_id, toMinute(timestamp)), scored);
  }
  return minutes.list();
}

/** Merges parts of minutes into minutes and hours, of each sensor and of all sensors, in order of the primary key. */
export function mergeParts(parts: readonly Rollup[]): { minute: Rollup[]; hour: Rollup[] } {
  const minutes = createRollups();
  const hours = createRollups();
  for (const part of parts) {
    for (const sensor of [part.sensor_id, allSensors]) {
      mergeInto(minutes.at(sensor, part.bucket), part);
      mergeInto(hours.at(sensor, toHour(part.bucket)), part);
    }
  }
  return {
    minute: minutes.list().sort(comparePrimaryKeys),
    hour: hours.list().sort(comparePrimaryKeys),
  };
}

/** `2026-11-22T15:04:05.678Z` → `2026-11-22 15:04:00` */
function toMinute(utc: string): string {
  return `${utc.slice(0, 10)} ${utc.slice(11, 16)}:00`;
}

/** `2026-11-22 15:04:05.678` → `2026-11-22 15:00:00` */
export function toHour(timestamp: string): string {
  return `${timestamp.slice(0, 13)}:00:00`;
}

/** Creates each rollup when it is first used. */
function createRollups() {
  const bySensor = new Map<string, Map<string, Rollup>>();
  return {
    at(sensor: string, bucket: string): Rollup {
      const buckets = bySensor.get(sensor) ?? new Map<string, Rollup>();
      bySensor.set(sensor, buckets);
      const rollup = buckets.get(bucket) ?? createRollup(sensor, bucket);
      buckets.set(bucket, rollup);
      return rollup;
    },
    list: (): Rollup[] => [...bySensor.values()].flatMap((buckets) => [...buckets.values()]),
  };
}

function createRollup(sensor_id: string, bucket: string): Rollup {
  const none = () => ({ mean: 0, deviations: 0, min: Infinity, max: -Infinity });
  const features = { temperature: none(), humidity: none(), sound_volume: none() };
  return { sensor_id, bucket, count: 0, anomalies: 0, features, bins: Array(rollupBins).fill(0) };
}

function addReading(rollup: Rollup, { reading }: ScoredReading): void {
  rollup.count += 1;
  rollup.anomalies += reading.prediction;
  for (const name of featureNames) addValue(rollup.features[name], reading[name], rollup.count);
  const bin = Math.min(Math.floor(reading.score * rollupBins), rollupBins - 1);
  rollup.bins[bin] = (rollup.bins[bin] ?? 0) + 1;
}

/** Adds one value (Welford 1962); `count` includes it. */
function addValue(feature: FeatureRollup, value: number, count: number): void {
  const delta = value - feature.mean;
  feature.mean += delta / count;
  feature.deviations += delta * (value - feature.mean);
  feature.min = Math.min(feature.min, value);
  feature.max = Math.max(feature.max, value);
}

/** Merges the second rollup into the first, which keeps its sensor and bucket. */
export function mergeInto(rollup: Rollup, added: Rollup): void {
  for (const name of featureNames) {
    const [feature, other] = [rollup.features[name], added.features[name]];
    const moments = mergeMoments({ ...feature, count: rollup.count }, { ...other, count: added.count });
    feature.mean = moments.mean;
    feature.deviations = moments.deviations;
    feature.min = Math.min(feature.min, other.min);
    feature.max = Math.max(feature.max, other.max);
  }
  rollup.count += added.count;
  rollup.anomalies += added.anomalies;
  rollup.bins = rollup.bins.map((scores, bin) => scores + (added.bins[bin] ?? 0));
}

interface Moments {
  count: number;
  mean: number;
  /** The sum of squared deviations from the mean. */
  deviations: number;
}

/** The moments of two samples together (Chan, Golub and LeVeque 1983). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (delta * b.count) / count,
    deviations: a.deviations + b.deviations + (delta * delta * a.count * b.count) / count,
  };
}

/** All writers lock rows in this order, which prevents deadlocks. */
export function comparePrimaryKeys(a: RollupKey, b: RollupKey): number {
  if (a.sensor_id !== b.sensor_id) return a.sensor_id < b.sensor_id ? -1 : 1;
  return a.bucket < b.bucket ? -1 : Number(a.bucket > b.bucket);
}
