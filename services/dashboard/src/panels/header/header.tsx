import { useUrlState } from '../../url-state/url-state-context.ts';
import { viewWords } from '../../views.ts';
import { Freshness } from './freshness.tsx';
import styles from './header.module.css';
import { ModeSwitch } from './mode-switch.tsx';
import { RangeForm } from './range-form.tsx';
import { RangePresets } from './range-presets.tsx';
import { SensorSelect } from './sensor-select.tsx';
import { ShortcutsButton } from './shortcuts-button.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { TypeSelect } from './type-select.tsx';
import { ViewLinks } from './view-links.tsx';
import { ZoneSelect } from './zone-select.tsx';

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
