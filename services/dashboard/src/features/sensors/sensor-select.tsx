import { useId } from 'react';
import styles from '../../app/header/header.module.css';
import { Popover } from '../../ui/popover.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeSensors } from './choose-sensors.ts';
import { SensorList } from './sensor-list.tsx';
import pickerStyles from './sensor-select.module.css';

interface SensorSelectProps {
  label: string;
  isLabelHidden?: boolean;
}

/** Selects the sensors to show; no selection means all sensors. */
export function SensorSelect({ label, isLabelHidden = false }: SensorSelectProps) {
  const { sensors } = useUrlState().state;
  const id = useId();
  const [labelId, valueId] = [`${id}-label`, `${id}-value`];
  return (
    <div className={styles.field}>
      <span id={labelId} className={isLabelHidden ? 'visually-hidden' : styles.label}>
        {label}
      </span>
      <button
        type="button"
        popoverTarget={id}
        data-shortcut={isLabelHidden ? undefined : 'sensors'}
        aria-labelledby={`${labelId} ${valueId}`}
        className={pickerStyles.picker}
        title={sensors.join(', ') || undefined}
      >
        <span id={valueId}>{describeSensors(sensors)}</span>
      </button>
      <Popover id={id} label={label}>
        {() => <SensorList />}
      </Popover>
    </div>
  );
}
