import { featureNames } from '@sensor-sentinel/contracts';
import { findGapsOfReadings } from './find-gaps.ts';
import { selectMinMaxLttb } from './min-max-lttb.ts';

export interface SampledReading extends Record<(typeof featureNames)[number], number> {
  timestampMs: number;
  prediction: 0 | 1;
  score: number;
}

/** The places of all anomalies; of too many, the highest score of each of equally long stretches of time. */
function selectAnomalies(readings: readonly SampledReading[], most: number): number[] {
  const places = Array.from(readings.keys()).filter((place) => readings[place]?.prediction === 1);
  if (places.length <= most) return places;
  const timeOf = (place: number | undefined) => readings[place ?? 0]?.timestampMs ?? 0;
  const scoreOf = (place: number) => readings[place]?.score ?? 0;
  const [firstMs, lastMs] = [timeOf(places[0]), timeOf(places.at(-1))];
  const best = new Map<number, number>();
  for (const place of places) {
    const share = (timeOf(place) - firstMs) / Math.max(1, lastMs - firstMs);
    const stretch = Math.min(most - 1, Math.floor(share * most));
    const kept = best.get(stretch);
    if (kept === undefined || scoreOf(place) > scoreOf(kept)) best.set(stretch, place);
  }
  return [...best.values()];
}

interface SampleOptions {
  /** How many readings to keep per feature, and how many pauses to tell, at most. */
  points: number;
  maxAnomalies: number;
}

export interface Sample<Reading> {
  kept: Reading[];
  gaps: { before: Reading; after: Reading }[];
}

/** What charts need of readings in order of time: the shape of each feature, the anomalies, both ends of each gap. */
export function sampleReadings<Reading extends SampledReading>(
  readings: readonly Reading[],
  { points, maxAnomalies }: SampleOptions,
): Sample<Reading> {
  const times = Float64Array.from(readings, ({ timestampMs }) => timestampMs);
  const beforeGaps = findGapsOfReadings(Array.from(times), points);
  const gaps = beforeGaps.flatMap((place) => {
    const [before, after] = readings.slice(place, place + 2);
    return before && after ? [{ before, after }] : [];
  });
  if (readings.length <= points) return { kept: [...readings], gaps };
  const lines = featureNames.map((name) => ({
    times,
    values: Float64Array.from(readings, (row) => row[name]),
  }));
  const places = new Set([
    ...lines.flatMap((line) => selectMinMaxLttb(line, points)),
    ...selectAnomalies(readings, maxAnomalies),
    ...beforeGaps.flatMap((place) => [place, place + 1]),
  ]);
  return { kept: readings.filter((_, place) => places.has(place)), gaps };
}
