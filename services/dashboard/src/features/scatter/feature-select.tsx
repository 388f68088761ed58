import type { Feature } from '@sensor-sentinel/contracts';
import styles from './scatter-panel.module.css';

interface FeatureSelectProps {
  label: string;
  features: readonly Feature[];
  value: Feature;
  onChange: (name: string) => void;
}

export function FeatureSelect({ label, features, value, onChange }: FeatureSelectProps) {
  return (
    <label className={styles.select}>
      {label}
      <select value={value.name} onChange={({ target }) => onChange(target.value)}>
        {features.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
