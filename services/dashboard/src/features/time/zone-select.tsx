import { useId } from 'react';
import styles from '../../app/header/header.module.css';
import { useUrlState } from '../url-state/url-state-context.ts';
import { toZoneText } from './format-time.ts';
import { localZoneName, toOffsetText, utcZoneName, viewerZone } from './zone.ts';

/** Selects the time zone of all times on the page. */
export function ZoneSelect() {
  const { state, zone, push } = useUrlState();
  const id = useId();
  const now = new Date();
  const isOther = state.zone !== localZoneName && state.zone !== utcZoneName;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        <span className="visually-hidden">Time </span>
        <span className={styles.zoneLabel}>Zone</span>
      </label>
      <select
        id={id}
        title={toZoneText(zone, now)}
        value={state.zone}
        onChange={({ target }) => push((current) => ({ ...current, zone: target.value }))}
      >
        <option value={localZoneName}>
          Local (UTC{toOffsetText(now.getTime(), viewerZone).replace('-', '−')})
        </option>
        <option value={utcZoneName}>UTC</option>
        {isOther && <option value={state.zone}>{toZoneText(zone, now)}</option>}
      </select>
    </div>
  );
}
