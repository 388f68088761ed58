import type { SeriesPoints } from '../charts/series-points.ts';
import { hasEveryAnomaly } from '../charts/to-bucket-traces.ts';
import styles from './series-panel.module.css';

interface LegendProps {
  points: SeriesPoints;
  hasNormalRange: boolean;
  hasIncidents: boolean;
}

export function Legend({ points: { series, isScored }, hasNormalRange, hasIncidents }: LegendProps) {
  const isBucketed = series.resolution !== 'reading';
  const entries = [
    { key: styles.lineKey, text: isBucketed ? 'Mean' : 'Reading', isShown: true },
    { key: styles.envelopeKey, text: 'Minimum to maximum', isShown: isBucketed },
    {
      key: styles.anomalyKey,
      text: 'Anomaly',
      isShown: isScored && (!isBucketed || hasEveryAnomaly(series)),
    },
    { key: styles.shareKey, text: 'Share of anomalies', isShown: isScored },
    { key: styles.rangeKey, text: 'Normal range in training', isShown: hasNormalRange },
    { key: styles.incidentKey, text: 'Incident', isShown: hasIncidents },
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
