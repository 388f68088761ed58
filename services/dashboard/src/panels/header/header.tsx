import { Freshness } from './freshness.tsx';
import styles from './header.module.css';
import { ModeSwitch } from './mode-switch.tsx';
import { RangeForm } from './range-form.tsx';
import { RangePresets } from './range-presets.tsx';
import { SensorSelect } from './sensor-select.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function Header() {
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <h1 className={styles.product}>
          <img src="/favicon.svg" alt="" width={26} height={26} /> Sensor Sentinel
        </h1>
        <ModeSwitch />
        <Freshness />
        <ThemeSwitch />
      </div>
      <div className={styles.row}>
        <RangePresets />
        <RangeForm />
        <SensorSelect label="Sensor" />
      </div>
    </header>
  );
}
