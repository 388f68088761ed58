import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';
import type { ScoredReading } from '../../readings/reading-row.ts';
import { mergeMoments } from './merge-moments.ts';

/** How many equal parts of [0, 1] scores are counted in. */
export const rollupBins = 20;

/** The columns of those counts, the lowest scores first. */
export const binColumns: readonly `bin_${string}`[] = Array.from(
  { length: rollupBins },
  (_, bin) => `bin_${String(bin).padStart(2, '0')}` as const,
);

/** The sensor under which all sensors are rolled up together; no reading can bear it. */
export const allSensors = '';

export interface FeatureRollup {
  mean: number;
  /** The sum of squared deviations from the mean. */
  deviations: number;
  min: number;
  max: number;
}

/** What the readings of one sensor, or of all, in one minute or hour come to. */
export interface Rollup {
  sensor_id: string;
  /** The UTC start of the minute or hour, as SQL has it. */
  bucket: string;
  count: number;
  anomalies: number;
  features: Record<FeatureName, FeatureRollup>;
  /** Counts of scores. */
  bins: number[];
}

/** `2026-11-22T15:04:05.678Z` → `2026-11-22 15:04:00` */
function toMinute(utc: string): string {
  return `${utc.slice(0, 10)} ${utc.slice(11, 16)}:00`;
}

/** `2026-11-22 15:04:00` → `2026-11-22 15:00:00` */
function toHour(minute: string): string {
  return `${minute.slice(0, 13)}:00:00`;
}

function createRollup(sensor_id: string, bucket: string): Rollup {
  const none = () => ({ mean: 0, deviations: 0, min: Infinity, max: -Infinity });
  const features = { temperature: none(), humidity: none(), sound_volume: none() };
  return { sensor_id, bucket, count: 0, anomalies: 0, features, bins: Array(rollupBins).fill(0) };
}

/** Rollups by sensor and bucket. */
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

/** One more value (Welford 1962), `count` values with it. */
function addValue(feature: FeatureRollup, value: number, count: number): void {
  const delta = value - feature.mean;
  feature.mean += delta / count;
  feature.deviations += delta * (value - feature.mean);
  feature.min = Math.min(feature.min, value);
  feature.max = Math.max(feature.max, value);
}

function addReading(rollup: Rollup, { reading }: ScoredReading): void {
  rollup.count += 1;
  rollup.anomalies += reading.prediction;
  for (const name of featureNames) addValue(rollup.features[name], reading[name], rollup.count);
  const bin = Math.min(Math.floor(reading.score * rollupBins), rollupBins - 1);
  rollup.bins[bin] = (rollup.bins[bin] ?? 0) + 1;
}

/** Adds the second to the first. */
function mergeInto(rollup: Rollup, added: Rollup): void {
  const count = rollup.count + added.count;
  for (const name of featureNames) {
    const feature = rollup.features[name];
    const { mean, deviations, min, max } = added.features[name];
    const both = mergeMoments(
      { count: rollup.count, mean: feature.mean, deviations: feature.deviations },
      { count: added.count, mean, deviations },
    );
    feature.mean = both.mean;
    feature.deviations = both.deviations;
    feature.min = Math.min(feature.min, min);
    feature.max = Math.max(feature.max, max);
  }
  rollup.count = count;
  rollup.anomalies += added.anomalies;
  rollup.bins = rollup.bins.map((scores, bin) => scores + (added.bins[bin] ?? 0));
}

/** As the primary key: writers that take rows in one order do not lock each other out. */
function comparePrimaryKeys(a: Rollup, b: Rollup): number {
  if (a.sensor_id !== b.sensor_id) return a.sensor_id < b.sensor_id ? -1 : 1;
  return a.bucket < b.bucket ? -1 : Number(a.bucket > b.bucket);
}

/** What the readings come to per sensor and minute. */
export function rollUpMinutes(readings: readonly ScoredReading[]): Rollup[] {
  const minutes = createRollups();
  for (const scored of readings) {
    const { sensor_id, timestamp } = scored.reading;
    addReading(minutes.at(sensor_id, toMinute(timestamp)), scored);
  }
  return minutes.list();
}

/** Minutes and hours, of each sensor and of all together, that parts of minutes add up to; in order of the key. */
export function addUp(parts: readonly Rollup[]): { minute: Rollup[]; hour: Rollup[] } {
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
