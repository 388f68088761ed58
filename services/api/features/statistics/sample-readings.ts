import type { Values } from '../types/sensor-type.ts';
import { selectMinMaxLttb } from './min-max-lttb.ts';

export interface SampledReading {
  timestampMs: number;
  values: Values;
  prediction: 0 | 1 | null;
  score: number | null;
}

interface SampleOptions {
  /** The maximum number of readings per feature, and of gaps. */
  points: number;
  maxAnomalies: number;
}

interface Sample<Reading> {
  kept: Reading[];
  gaps: { before: Reading; after: Reading }[];
}

/**
 * Keeps the readings that a chart needs: the shape of each feature, the anomalies, and both ends of each gap. The
 * readings are in order of time.
 */
export function sampleReadings<Reading extends SampledReading>(
  readings: readonly Reading[],
  { points, maxAnomalies }: SampleOptions,
): Sample<Reading> {
  const times = Float64Array.from(readings, ({ timestampMs }) => timestampMs);
  const beforeGaps = findGapsOfReadings(Array.from(times), points);
  const gaps = beforeGaps.flatMap((index) => {
    const [before, after] = readings.slice(index, index + 2);
    return before && after ? [{ before, after }] : [];
  });
  if (readings.length <= points) return { kept: [...readings], gaps };
  const width = Math.max(...readings.map(({ values }) => values.length));
  const lines = Array.from({ length: width }, (_, place) => toLine(readings, place));
  const indexes = new Set([
    ...lines.flatMap(({ places, ...line }) => selectMinMaxLttb(line, points).map((at) => places[at] ?? 0)),
    ...selectAnomalies(readings, maxAnomalies),
    ...beforeGaps.flatMap((index) => [index, index + 1]),
  ]);
  return { kept: readings.filter((_, index) => indexes.has(index)), gaps };
}

/** The readings that have a value of one feature: their times, values and indexes. */
function toLine(readings: readonly SampledReading[], place: number) {
  const places = Array.from(readings.keys()).filter((index) => readings[index]?.values[place] != null);
  return {
    places,
    times: Float64Array.from(places, (index) => readings[index]?.timestampMs ?? 0),
    values: Float64Array.from(places, (index) => readings[index]?.values[place] ?? 0),
  };
}

/** The indexes of all anomalies; if there are too many, of the highest score in each of `most` equal intervals. */
function selectAnomalies(readings: readonly SampledReading[], most: number): number[] {
  const indexes = Array.from(readings.keys()).filter((index) => readings[index]?.prediction === 1);
  if (indexes.length <= most) return indexes;
  const timeOf = (index: number | undefined) => readings[index ?? 0]?.timestampMs ?? 0;
  const scoreOf = (index: number) => readings[index]?.score ?? 0;
  const [firstMs, lastMs] = [timeOf(indexes[0]), timeOf(indexes.at(-1))];
  const best = new Map<number, number>();
  for (const index of indexes) {
    const share = (timeOf(index) - firstMs) / Math.max(1, lastMs - firstMs);
    const interval = Math.min(most - 1, Math.floor(share * most));
    const kept = best.get(interval);
    if (kept === undefined || scoreOf(index) > scoreOf(kept)) best.set(interval, index);
  }
  return [...best.values()];
}

const gapFactor = 12;
const shortestGapMs = 5000;

/**
 * The indexes of the readings before a gap. A gap is longer than twelve median steps between readings, and longer than
 * five seconds.
 */
export function findGapsOfReadings(times: readonly number[], most: number): number[] {
  return findLongSteps(times, Math.max(shortestGapMs, gapFactor * findMedianStep(times)), most);
}

/**
 * The indexes of the buckets before a gap. A gap is an empty bucket or, where empty buckets are usual, longer than
 * twelve median steps between buckets.
 */
export function findGapsOfBuckets(starts: readonly number[], sizeMs: number): number[] {
  const medianMs = findMedianStep(starts);
  return findLongSteps(starts, medianMs > sizeMs ? gapFactor * medianMs : sizeMs, starts.length);
}

function findMedianStep(times: readonly number[]): number {
  const steps = Float64Array.from(times.slice(1), (time, index) => time - (times[index] ?? time)).sort();
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** The indexes of the times before a step longer than `minMs`; if there are too many, of the longest steps. */
function findLongSteps(times: readonly number[], minMs: number, most: number): number[] {
  const stepAfter = (index: number) => (times[index + 1] ?? Number.NaN) - (times[index] ?? 0);
  const indexes = Array.from(times.keys()).filter((index) => stepAfter(index) > minMs);
  if (indexes.length <= most) return indexes;
  const longest = indexes.toSorted((a, b) => stepAfter(b) - stepAfter(a)).slice(0, most);
  return longest.sort((a, b) => a - b);
}
