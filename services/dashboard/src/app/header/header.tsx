import { useEffect, useRef } from 'react';
import { useApiContact } from '../../features/alerts/use-alerts.ts';
import { SensorSelect } from '../../features/sensors/sensor-select.tsx';
import { toClockText } from '../../features/time/format-time.ts';
import { ModeSwitch, TimePicker } from '../../features/time/time-controls.tsx';
import { ZonePicker } from '../../features/time/zone-picker.tsx';
import { TypeSelect } from '../../features/types/type-select.tsx';
import { UrlLink } from '../../features/url-state/url-link.tsx';
import { nothingOpen, views, viewWords } from '../../features/url-state/url-state.ts';
import { useUrlState, useZone } from '../../features/url-state/url-state-context.ts';
import { Freshness } from './freshness.tsx';
import styles from './header.module.css';
import { SettingsButton } from './settings-button.tsx';

/** Links, choices, and what is wrong with the page as a whole. */
export function Header() {
  return (
    <>
      <header className={styles.header}>
        <div className={styles.row}>
          <h1 className={styles.product}>
            <img src="/favicon.svg" alt="" width={26} height={26} /> <span>Sensor Sentinel</span>
          </h1>
          <ViewLinks />
          <SettingsButton />
        </div>
        <Choices />
      </header>
      <ContactBanner />
      <AddressNote />
    </>
  );
}

/** Links keep the time window, and close what is open. */
function ViewLinks() {
  const { view: here } = useUrlState().state;
  const nav = useRef<HTMLElement>(null);
  // On a phone, not all links fit.
  useEffect(() => {
    const current = nav.current?.querySelector(`:nth-child(${views.indexOf(here) + 1})`);
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [here]);
  return (
    <nav ref={nav} className={styles.views} aria-label="Views">
      {views.map((view) => (
        <UrlLink
          key={view}
          to={(state) => ({ ...state, view, ...nothingOpen })}
          current={view === here ? 'page' : undefined}
        >
          {viewWords[view].title}
        </UrlLink>
      ))}
    </nav>
  );
}

/** Time and sensors are shown on pages that depend on a time window. */
function Choices() {
  const { hasWindow } = viewWords[useUrlState().state.view];
  return (
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
  );
}

/** Shown while the present state is not known. */
function ContactBanner() {
  const { lostSince, reason } = useApiContact();
  const zone = useZone();
  if (lostSince === null) return null;
  return (
    <div className={styles.banner} role="alert">
      <strong>{`${reason.charAt(0).toUpperCase()}${reason.slice(1)}. Retrying…`}</strong>
      {lostSince > 0 && `The page shows what was known at ${toClockText(new Date(lostSince), zone)}.`}
    </div>
  );
}

/** Lists invalid URL parameters until the URL changes. */
function AddressNote() {
  const { problems, replace } = useUrlState();
  if (problems.length === 0) return null;
  return (
    <div className={styles.note} role="status" aria-label="URL parameters">
      <span>
        Invalid URL parameters were ignored: <strong>{problems.join(', ')}</strong>
      </span>
      <button type="button" onClick={() => replace((state) => state)}>
        Dismiss
      </button>
    </div>
  );
}
