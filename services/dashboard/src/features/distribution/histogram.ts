import type { Distribution } from '@sensor-sentinel/contracts';
import { formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';

export interface HistogramBar {
  key: string;
  title: string;
  count: number;
  /** Relative to the highest bar, 0 to 1. */
  height: number;
  isAnomalous: boolean;
}

/** A bin is anomalous if all its scores are, that is, if it starts at or above the threshold. */
export function toHistogramBars(
  bins: Distribution['score_histogram'],
  threshold: number | null,
): HistogramBar[] {
  const highest = Math.max(0, ...bins.map(({ count }) => count));
  return bins.map(({ from, to, count }) => ({
    key: String(from),
    title: `${formatDecimal(from, 2)} to ${formatDecimal(to, 2)}`,
    count,
    height: highest === 0 ? 0 : count / highest,
    isAnomalous: threshold !== null && from >= threshold - 1e-9,
  }));
}

/** The histogram as table rows. */
export function listHistogramRows(bars: readonly HistogramBar[]): string[][] {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  return bars.map(({ title, count, isAnomalous }) => [
    title,
    formatCount(count),
    formatPercent(total === 0 ? 0 : count / total),
    isAnomalous ? 'Anomaly' : 'Normal',
  ]);
}

/** The histogram as text, for screen readers. */
export function describeHistogram(bars: HistogramBar[]): string {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  const fullest = bars.reduce<HistogramBar | null>(
    (best, bar) => (best === null || bar.count > best.count ? bar : best),
    null,
  );
  if (total === 0 || fullest === null) return 'Score histogram: no readings';
  const share = formatDecimal((100 * fullest.count) / total, 0);
  return `Score histogram of ${bars.length} bins; most readings (${share} %) score ${fullest.title}`;
}
