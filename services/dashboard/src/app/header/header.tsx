import { SensorSelect } from '../../features/sensors/sensor-select.tsx';
import { ModeSwitch } from '../../features/time/mode-switch.tsx';
import { TimePicker } from '../../features/time/time-picker.tsx';
import { ZonePicker } from '../../features/time/zone-picker.tsx';
import { TypeSelect } from '../../features/types/type-select.tsx';
import { UrlLink } from '../../features/url-state/url-link.tsx';
import { useUrlState } from '../../features/url-state/url-state-context.ts';
import { views, viewWords } from '../../features/url-state/views.ts';
import { Freshness } from './freshness.tsx';
import styles from './header.module.css';
import { SettingsButton } from './settings-button.tsx';

/** Shows the time and sensor controls on pages that depend on a time window. */
export function Header() {
  const { hasWindow } = viewWords[useUrlState().state.view];
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <h1 className={styles.product}>
          <img src="/favicon.svg" alt="" width={26} height={26} /> <span>Sensor Sentinel</span>
        </h1>
        <ViewLinks />
        <SettingsButton />
      </div>
      <div className={styles.row}>
        <div className={styles.choices}>
          <TypeSelect />
          {hasWindow && (
            <>
              <TimePicker />
              <SensorSelect label="Sensors" shortcut="sensors" />
            </>
          )}
          <ZonePicker />
        </div>
        {hasWindow && (
          <div className={styles.now}>
            <ModeSwitch />
            <Freshness />
          </div>
        )}
      </div>
    </header>
  );
}

/** Links keep the time window, and close the reading or model that is open. */
function ViewLinks() {
  const { view: here } = useUrlState().state;
  return (
    <nav className={styles.views} aria-label="Views">
      {views.map((view) => (
        <UrlLink
          key={view}
          to={(state) => ({ ...state, view, reading: null, model: null })}
          current={view === here ? 'page' : undefined}
        >
          {viewWords[view].title}
        </UrlLink>
      ))}
    </nav>
  );
}
