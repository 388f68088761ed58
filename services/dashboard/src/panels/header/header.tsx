import { useUrlState } from '../../url-state/url-state-context.ts';
import { Freshness } from './freshness.tsx';
import styles from './header.module.css';
import { ModeSwitch } from './mode-switch.tsx';
import { RangeForm } from './range-form.tsx';
import { RangePresets } from './range-presets.tsx';
import { SensorSelect } from './sensor-select.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { ViewLinks } from './view-links.tsx';

/** The controls of time and sensor are there where readings are. */
export function Header() {
  const hasReadings = useUrlState().state.view === 'overview';
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <h1 className={styles.product}>
          <img src="/favicon.svg" alt="" width={26} height={26} /> Sensor Sentinel
        </h1>
        <ViewLinks />
        {hasReadings && (
          <>
            <ModeSwitch />
            <Freshness />
          </>
        )}
        <ThemeSwitch />
      </div>
      {hasReadings && (
        <div className={styles.row}>
          <RangePresets />
          <RangeForm />
          <SensorSelect label="Sensor" />
        </div>
      )}
    </header>
  );
}
