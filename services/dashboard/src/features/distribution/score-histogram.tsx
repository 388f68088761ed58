import type { Distribution } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { TableDisclosure } from '../charts/table-disclosure.tsx';
import { toPredictionTitle } from '../readings/prediction-label.tsx';
import styles from './distribution-panel.module.css';

interface ScoreHistogramProps {
  bins: Distribution['score_histogram'];
  threshold: number | null;
}

export function ScoreHistogram({ bins, threshold }: ScoreHistogramProps) {
  const bars = toHistogramBars(bins, threshold);
  return (
    <figure className={styles.histogram}>
      <figcaption>
        <h3 className={styles.caption}>Scores</h3>
        {threshold !== null && <span>Anomaly above {threshold}</span>}
      </figcaption>
      <div className={styles.plot} role="img" aria-label={describeHistogram(bars)}>
        {bars.map(({ title, count, height, prediction }) => (
          <div key={title} className={styles.slot} title={`${title}: ${formatAmount(count, 'reading')}`}>
            <div
              className={styles.bar}
              data-tone={prediction === 1 ? 'anomaly' : 'normal'}
              style={{ height: count === 0 ? 0 : `max(2px, ${100 * height}%)` }}
            />
          </div>
        ))}
        {threshold !== null && <div className={styles.threshold} style={{ left: `${100 * threshold}%` }} />}
      </div>
      <div className={styles.axis} aria-hidden="true">
        <span>0</span>
        <span>0.5</span>
        <span>1</span>
      </div>
      <TableDisclosure
        title="Scores"
        columns={['Score', 'Readings', 'Share', 'Prediction']}
        listRows={() => listHistogramRows(bars)}
      />
    </figure>
  );
}

interface HistogramBar {
  title: string;
  count: number;
  /** Relative to the highest bar, 0 to 1. */
  height: number;
  /** Of all scores of the bin: an anomaly if it starts at the threshold or above. */
  prediction: 0 | 1;
}

export function toHistogramBars(bins: ScoreHistogramProps['bins'], threshold: number | null): HistogramBar[] {
  const highest = Math.max(1, ...bins.map(({ count }) => count));
  return bins.map(({ from, to, count }) => ({
    title: `${formatDecimal(from, 2)} to ${formatDecimal(to, 2)}`,
    count,
    height: count / highest,
    prediction: threshold !== null && from >= threshold - 1e-9 ? 1 : 0,
  }));
}

/** The histogram as table rows. */
export function listHistogramRows(bars: readonly HistogramBar[]): string[][] {
  const total = sumCounts(bars);
  return bars.map(({ title, count, prediction }) => [
    title,
    formatCount(count),
    formatPercent(total === 0 ? 0 : count / total),
    toPredictionTitle(prediction),
  ]);
}

/** The histogram as text, for screen readers. */
export function describeHistogram(bars: readonly HistogramBar[]): string {
  const [fullest] = bars.toSorted((a, b) => b.count - a.count);
  if (fullest === undefined || fullest.count === 0) return 'Score histogram: no readings';
  const share = formatDecimal((100 * fullest.count) / sumCounts(bars), 0);
  return `Score histogram of ${bars.length} bins; most readings (${share} %) score ${fullest.title}`;
}

function sumCounts(bars: readonly HistogramBar[]): number {
  return bars.reduce((sum, { count }) => sum + count, 0);
}
