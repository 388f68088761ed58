import { useId } from 'react';
import { useAlerts } from '../../api/use-alerts.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import styles from './header.module.css';

interface SensorSelectProps {
  label: string;
  isLabelHidden?: boolean;
}

export function SensorSelect({ label, isLabelHidden = false }: SensorSelectProps) {
  const { state, push } = useUrlState();
  const alerts = useAlerts();
  const id = useId();
  const known = alerts.data?.sensors.map(({ sensor_id }) => sensor_id) ?? [];
  const names = new Set(state.sensor === null ? known : [...known, state.sensor]);
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={isLabelHidden ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        value={state.sensor ?? ''}
        onChange={({ target }) => {
          const sensor = target.value === '' ? null : target.value;
          push((current) => ({ ...current, sensor }));
        }}
      >
        <option value="">All sensors</option>
        {[...names].toSorted().map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
