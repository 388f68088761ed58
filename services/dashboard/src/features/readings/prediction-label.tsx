import { Icon } from '../../ui/icon.tsx';
import styles from './prediction-label.module.css';
import { toPredictionTitle } from './prediction-title.ts';

/** Normal, anomaly, or not scored. */
export function PredictionLabel({ prediction }: { prediction: 0 | 1 | null }) {
  if (prediction !== 1) return <span className={styles.label}>{toPredictionTitle(prediction)}</span>;
  return (
    <span className={styles.label} data-anomaly>
      <Icon name="anomaly" size={14} /> Anomaly
    </span>
  );
}
