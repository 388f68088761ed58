import { Icon } from './icon.tsx';
import styles from './prediction-label.module.css';

export function PredictionLabel({ prediction }: { prediction: 0 | 1 }) {
  if (prediction === 0) return <span className={styles.label}>Normal</span>;
  return (
    <span className={styles.label} data-anomaly>
      <Icon name="anomaly" size={14} /> Anomaly
    </span>
  );
}
