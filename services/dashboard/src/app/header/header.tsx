import { SensorSelect } from '../../features/sensors/sensor-select.tsx';
import { ModeSwitch } from '../../features/time/mode-switch.tsx';
import { RangeForm } from '../../features/time/range-form.tsx';
import { RangePresets } from '../../features/time/range-presets.tsx';
import { ZoneSelect } from '../../features/time/zone-select.tsx';
import { TypeSelect } from '../../features/types/type-select.tsx';
import { useUrlState } from '../../features/url-state/url-state-context.ts';
import { viewWords } from '../../features/url-state/views.ts';
import { Freshness } from './freshness.tsx';
import styles from './header.module.css';
import { ShortcutsButton } from './shortcuts-button.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { ViewLinks } from './view-links.tsx';

/** Shows the time and sensor controls on pages that depend on a time window. */
export function Header() {
  const { hasWindow } = viewWords[useUrlState().state.view];
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <h1 className={styles.product}>
          <img src="/favicon.svg" alt="" width={26} height={26} /> Sensor Sentinel
        </h1>
        <TypeSelect />
        <ViewLinks />
        {hasWindow && (
          <>
            <ModeSwitch />
            <Freshness />
          </>
        )}
        <div className={styles.settings}>
          {!hasWindow && <ZoneSelect />}
          <ThemeSwitch />
          <ShortcutsButton />
        </div>
      </div>
      {hasWindow && (
        <div className={styles.row}>
          <RangePresets />
          <RangeForm />
          <SensorSelect label="Sensor" />
          <ZoneSelect />
        </div>
      )}
    </header>
  );
}
