import type { SensorState } from '@sensor-sentinel/contracts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import styles from './state-label.module.css';

const words: Record<SensorState, { title: string; icon: IconName }> = {
  normal: { title: 'Normal', icon: 'check' },
  anomaly: { title: 'Anomaly', icon: 'anomaly' },
  silent: { title: 'Silent', icon: 'silent' },
  unscored: { title: 'Not scored', icon: 'waiting' },
};

/** The state of a sensor as text, icon and color. */
export function StateLabel({ state }: { state: SensorState }) {
  const { title, icon } = words[state];
  return (
    <span className={styles.label} data-state={state}>
      <Icon name={icon} /> {title}
    </span>
  );
}
