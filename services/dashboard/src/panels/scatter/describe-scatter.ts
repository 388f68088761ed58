import { type FeatureName, features } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatDecimal } from '../../format/format-number.ts';
import type { ScatterPoint } from './use-scatter.ts';

export interface Axes {
  x: FeatureName;
  y: FeatureName;
}

const labels = [
  { prediction: 0, title: 'Normal' },
  { prediction: 1, title: 'Anomaly' },
] as const;

export function toTitle(name: FeatureName): string {
  const feature = features.find((candidate) => candidate.name === name);
  return feature === undefined ? name : `${feature.title} (${feature.unit})`;
}

function toRange(points: readonly ScatterPoint[], name: FeatureName): string {
  if (points.length === 0) return '–';
  const lowest = points.reduce((low, point) => Math.min(low, point[name]), Number.POSITIVE_INFINITY);
  const highest = points.reduce((high, point) => Math.max(high, point[name]), Number.NEGATIVE_INFINITY);
  return `${formatDecimal(lowest)} to ${formatDecimal(highest)}`;
}

/** The chart as text, for screen readers. */
export function describeScatter(points: readonly ScatterPoint[], { x, y }: Axes): string {
  const anomalies = points.filter(({ prediction }) => prediction === 1).length;
  const shown = `${formatAmount(points.length - anomalies, 'normal reading')} and ${formatAmount(anomalies, 'anomaly')}`;
  return `${toTitle(y)} against ${toTitle(x)}: ${shown}`;
}

export function toScatterColumns({ x, y }: Axes): string[] {
  return ['Prediction', 'Shown', ...[x, y].map((name) => `${toTitle(name)}: min to max`)];
}

export function listScatterRows(points: readonly ScatterPoint[], { x, y }: Axes): string[][] {
  return labels.map(({ prediction, title }) => {
    const of = points.filter((point) => point.prediction === prediction);
    return [title, formatCount(of.length), toRange(of, x), toRange(of, y)];
  });
}
