import { Icon } from '../../ui/icon.tsx';
import styles from './prediction-label.module.css';

/** Normal, anomaly, or not scored. */
export function PredictionLabel({ prediction }: { prediction: 0 | 1 | null }) {
  if (prediction !== 1) return <span className={styles.label}>{toPredictionTitle(prediction)}</span>;
  return (
    <span className={styles.label} data-anomaly>
      <Icon name="anomaly" size={14} /> Anomaly
    </span>
  );
}

/** A prediction in words. A reading that no model has scored has none. */
export function toPredictionTitle(prediction: 0 | 1 | null): string {
  if (prediction === null) return 'Not scored';
  return prediction === 1 ? 'Anomaly' : 'Normal';
}
