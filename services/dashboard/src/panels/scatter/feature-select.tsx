import { type FeatureName, featureNames, features } from '@sensor-sentinel/contracts';
import styles from './scatter-panel.module.css';

interface FeatureSelectProps {
  label: string;
  value: FeatureName;
  onChange: (name: FeatureName) => void;
}

export function FeatureSelect({ label, value, onChange }: FeatureSelectProps) {
  return (
    <label className={styles.select}>
      {label}
      <select
        value={value}
        onChange={({ target }) => {
          const name = featureNames.find((known) => known === target.value);
          if (name !== undefined) onChange(name);
        }}
      >
        {features.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
