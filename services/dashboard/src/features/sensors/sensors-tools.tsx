import { anomalyRate } from '@sensor-sentinel/contracts';
import { useId } from 'react';
import { FeaturePicker } from '../types/shown-features.tsx';
import type { SensorList } from '../url-state/url-state.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import styles from './sensors.module.css';

/** The search field, and the choice of what the sparklines and the columns show. */
export function SensorsTools() {
  const { state, push, replace } = useUrlState();
  const { features } = useSensorType();
  const { search, sparkline } = state.sensorList;
  const id = useId();

  function toChange(part: Partial<SensorList>) {
    return (current: typeof state) => ({ ...current, sensorList: { ...current.sensorList, ...part } });
  }

  return (
    <search className={styles.tools}>
      <div className={styles.field}>
        <label htmlFor={`${id}-search`}>Search</label>
        <input
          id={`${id}-search`}
          type="search"
          placeholder="Part of a name"
          maxLength={64}
          autoComplete="off"
          value={search}
          onChange={({ target }) => replace(toChange({ search: target.value }))}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-sparkline`}>Show in sparkline</label>
        <select
          id={`${id}-sparkline`}
          value={sparkline}
          onChange={({ target }) => push(toChange({ sparkline: target.value }))}
        >
          <option value={anomalyRate}>Anomaly rate</option>
          {features.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <FeaturePicker />
    </search>
  );
}
