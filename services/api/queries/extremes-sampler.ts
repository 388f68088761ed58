import { type FeatureName, featureNames } from '@sensor-sentinel/contracts';

export interface SeriesPoint extends Record<FeatureName, number> {
  seq: number;
  timestampMs: number;
  prediction: 0 | 1;
  score: number;
}

interface SamplerOptions {
  fromMs: number;
  toMs: number;
  /** How many points to keep at most, besides the anomalies. */
  points: number;
  /** How many anomalies to keep; where there are more, each stretch of time keeps its highest score. */
  maxAnomalies: number;
  anomalies: number;
}

export interface ExtremesSampler<Point> {
  add: (point: Point) => void;
  /** The points that were kept, in order of time and arrival. */
  kept: () => Point[];
}

/**
 * Keeps, per stretch of time, the lowest and the highest reading of each feature, and the anomalies,
 * in memory that does not grow with the number of readings.
 */
export function createExtremesSampler<Point extends SeriesPoint>(
  options: SamplerOptions,
): ExtremesSampler<Point> {
  const { fromMs, toMs, points, maxAnomalies, anomalies } = options;
  const stretches = Math.max(1, Math.floor(points / (2 * featureNames.length)));
  const anomalyStretches = anomalies <= maxAnomalies ? undefined : maxAnomalies;
  const best = new Map<string, Point>();
  const everyAnomaly: Point[] = [];

  function stretchOf(point: Point, count: number): number {
    const share = (point.timestampMs - fromMs) / Math.max(1, toMs - fromMs);
    return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  }

  function keepIf(key: string, point: Point, isBetter: (kept: Point) => boolean): void {
    const kept = best.get(key);
    if (kept === undefined || isBetter(kept)) best.set(key, point);
  }

  return {
    add(point) {
      const stretch = stretchOf(point, stretches);
      for (const name of featureNames) {
        keepIf(`${stretch} min ${name}`, point, (kept) => point[name] < kept[name]);
        keepIf(`${stretch} max ${name}`, point, (kept) => point[name] > kept[name]);
      }
      if (point.prediction === 0) return;
      if (anomalyStretches === undefined && everyAnomaly.length < maxAnomalies) everyAnomaly.push(point);
      else {
        const key = `anomaly ${stretchOf(point, anomalyStretches ?? maxAnomalies)}`;
        keepIf(key, point, (kept) => point.score > kept.score);
      }
    },
    kept() {
      const unique = new Set([...best.values(), ...everyAnomaly]);
      return [...unique].sort((a, b) => a.timestampMs - b.timestampMs || a.seq - b.seq);
    },
  };
}
