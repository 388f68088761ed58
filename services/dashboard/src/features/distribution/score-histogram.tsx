import type { Distribution } from '@sensor-sentinel/contracts';
import { formatAmount } from '../../ui/format-number.ts';
import { TableDisclosure } from '../charts/table-disclosure.tsx';
import styles from './distribution-panel.module.css';
import { describeHistogram, listHistogramRows, toHistogramBars } from './histogram.ts';

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
        {bars.map(({ key, title, count, height, isAnomalous }) => (
          <div key={key} className={styles.slot} title={`${title}: ${formatAmount(count, 'reading')}`}>
            <div
              className={styles.bar}
              data-tone={isAnomalous ? 'anomaly' : 'normal'}
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
