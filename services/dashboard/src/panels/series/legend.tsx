import type { Series } from '@sensor-sentinel/contracts';
import { hasEveryAnomaly } from '../../plot/to-bucket-traces.ts';
import styles from './series-panel.module.css';

interface LegendProps {
  series: Series;
  hasNormalRange: boolean;
  hasEpisodes: boolean;
}

export function Legend({ series, hasNormalRange, hasEpisodes }: LegendProps) {
  const isBucketed = series.resolution !== 'reading';
  const entries = [
    { key: styles.lineKey, text: isBucketed ? 'Mean' : 'Reading', isShown: true },
    { key: styles.envelopeKey, text: 'Minimum to maximum', isShown: isBucketed },
    { key: styles.anomalyKey, text: 'Anomaly', isShown: !isBucketed || hasEveryAnomaly(series) },
    { key: styles.shareKey, text: 'Share of anomalies', isShown: true },
    { key: styles.rangeKey, text: 'Normal range in training', isShown: hasNormalRange },
    { key: styles.episodeKey, text: 'Alert episode', isShown: hasEpisodes },
  ];
  return (
    <ul className={styles.legend} aria-label="Legend">
      {entries
        .filter(({ isShown }) => isShown)
        .map(({ key, text }) => (
          <li key={text}>
            <span className={key} /> {text}
          </li>
        ))}
    </ul>
  );
}
