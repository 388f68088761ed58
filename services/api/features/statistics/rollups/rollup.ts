import type { Values } from '../../types/sensor-type.ts';

/** The number of equal bins of [0, 1] in which scores are counted. */
export const rollupBins = 20;

/** What is known of the values of one feature, or of the scores, without the values themselves. */
export interface Moments {
  /** The number of values. A reading may lack a feature. */
  count: number;
  mean: number;
  /** The sum of squared deviations from the mean. */
  deviations: number;
  min: number;
  max: number;
}

/** The statistics of any number of readings. */
export interface Rollup {
  count: number;
  anomalies: number;
  /** In the order of the type's features. A place beyond the end has no values. */
  features: Moments[];
  /** Of the readings that a model has scored. */
  score: Moments;
  /** The number of scores in each bin. */
  bins: number[];
}

/** The part of a stored reading that statistics are about. */
export interface RolledReading {
  values: Values;
  /** Both are null for a reading that no model has scored. */
  prediction: 0 | 1 | null;
  score: number | null;
}

/** `2026-11-22T15:04:05.678Z` → `2026-11-22 15:04:00` */
export function toMinute(utc: string): string {
  return `${utc.slice(0, 10)} ${utc.slice(11, 16)}:00`;
}

/** `2026-11-22 15:04:05.678` → `2026-11-22 15:04:00` */
export function toMinuteOfSql(timestamp: string): string {
  return `${timestamp.slice(0, 16)}:00`;
}

/** `2026-11-22 15:14:05.678` → `2026-11-22 15:10:00` */
export function toTenMinutes(timestamp: string): string {
  return `${timestamp.slice(0, 15)}0:00`;
}

/** `2026-11-22 15:04:05.678` → `2026-11-22 15:00:00` */
export function toHour(timestamp: string): string {
  return `${timestamp.slice(0, 13)}:00:00`;
}

function createMoments(): Moments {
  return { count: 0, mean: 0, deviations: 0, min: Infinity, max: -Infinity };
}

export function createRollup(): Rollup {
  return {
    count: 0,
    anomalies: 0,
    features: [],
    score: createMoments(),
    bins: Array<number>(rollupBins).fill(0),
  };
}

export function addReading(rollup: Rollup, reading: RolledReading): void {
  rollup.count += 1;
  for (const [place, value] of reading.values.entries()) addValue(momentsAt(rollup, place), value);
  addScore(rollup, reading);
}

/** Adds the score of a reading that is counted already, or is about to be. */
export function addScore(rollup: Rollup, reading: Omit<RolledReading, 'values'>): void {
  if (reading.score === null) return;
  rollup.anomalies += reading.prediction ?? 0;
  addValue(rollup.score, reading.score);
  const bin = Math.min(Math.floor(reading.score * rollupBins), rollupBins - 1);
  rollup.bins[bin] = (rollup.bins[bin] ?? 0) + 1;
}

/** The moments of the feature at this place, which are created when they are first used. */
function momentsAt({ features }: Rollup, place: number): Moments {
  for (let next = features.length; next <= place; next++) features.push(createMoments());
  return features[place] ?? createMoments();
}

/** The number of readings that a model has scored. Of some old rollups, only the bins are known. */
export function countScored({ bins }: Rollup): number {
  return bins.reduce((sum, scores) => sum + scores, 0);
}

/** What is known of the feature at this place, or of the scores. */
export function momentsOf({ features, score }: Rollup, place: number | 'score'): Moments {
  return place === 'score' ? score : (features[place] ?? createMoments());
}

/** Adds one value, unless it is missing (Welford 1962). */
function addValue(moments: Moments, value: number | null): void {
  if (value === null) return;
  const delta = value - moments.mean;
  moments.count += 1;
  moments.mean += delta / moments.count;
  moments.deviations += delta * (value - moments.mean);
  moments.min = Math.min(moments.min, value);
  moments.max = Math.max(moments.max, value);
}

/** Merges the second rollup into the first. */
export function mergeInto(rollup: Rollup, added: Rollup): void {
  rollup.count += added.count;
  rollup.anomalies += added.anomalies;
  for (const [place, moments] of added.features.entries()) mergeMoments(momentsAt(rollup, place), moments);
  mergeMoments(rollup.score, added.score);
  for (let bin = 0; bin < rollupBins; bin++)
    rollup.bins[bin] = (rollup.bins[bin] ?? 0) + (added.bins[bin] ?? 0);
}

/** Merges the moments of a second sample into those of the first (Chan, Golub and LeVeque 1983). */
function mergeMoments(moments: Moments, added: Moments): void {
  if (added.count === 0) return;
  const count = moments.count + added.count;
  const delta = added.mean - moments.mean;
  moments.deviations += added.deviations + (delta * delta * moments.count * added.count) / count;
  moments.mean += (delta * added.count) / count;
  moments.count = count;
  moments.min = Math.min(moments.min, added.min);
  moments.max = Math.max(moments.max, added.max);
}

/** The statistics of all parts together. */
export function mergeRollups(parts: Iterable<Rollup>): Rollup {
  const merged = createRollup();
  for (const part of parts) mergeInto(merged, part);
  return merged;
}

/** [count, mean, deviations, min, max]; of equal values only [count, value]; without values []. */
type MomentsTuple =
  | readonly []
  | readonly [number, number]
  | readonly [number, number, number, number, number];

/**
 * A rollup as JSON: `{"count": 3, "anomalies": 1, "features": [[3, 24.2, 0.5, 23.8, 24.9], …], "score": […], "bins": {"0": 2,
 * "19": 1}}`. Features are in the order of their type. Bins without scores are left out.
 */
export interface RollupDocument {
  count: number;
  anomalies: number;
  features: readonly MomentsTuple[];
  score: MomentsTuple;
  bins: Readonly<Record<string, number>>;
}

export function toDocument({ count, anomalies, features, score, bins }: Rollup): RollupDocument {
  return {
    count,
    anomalies,
    features: features.map(toTuple),
    score: toTuple(score),
    bins: Object.fromEntries(Array.from(bins.entries()).filter(([, scores]) => scores > 0)),
  };
}

/** Reads a document that this module has written. */
export function fromDocument({ count, anomalies, features, score, bins }: RollupDocument): Rollup {
  return {
    count,
    anomalies,
    features: features.map(toMoments),
    score: toMoments(score),
    bins: toBins(bins),
  };
}

function toBins(scores: RollupDocument['bins']): number[] {
  const bins = Array<number>(rollupBins).fill(0);
  for (const bin in scores) bins[Number(bin)] = scores[bin] ?? 0;
  return bins;
}

function toTuple({ count, mean, deviations, min, max }: Moments): MomentsTuple {
  if (count === 0) return [];
  return min === max ? [count, min] : [count, mean, deviations, min, max];
}

function toMoments([count = 0, mean = 0, deviations = 0, min, max]: MomentsTuple): Moments {
  const [least, most] = count === 0 ? [Infinity, -Infinity] : [mean, mean];
  return { count, mean, deviations, min: min ?? least, max: max ?? most };
}

/** The documents are trusted: only the API writes them, and a query reads thousands. */
export function parseRollup(text: string): Rollup {
  return fromDocument(JSON.parse(text) as RollupDocument);
}
