import type { Alerts, SensorAlert } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import styles from '../incidents/incidents.module.css';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { describeClock } from '../sensors/describe-clock.ts';
import { StateLabel } from '../sensors/state-label.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import type { UrlState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeCounts, toAlertView, toByUrgency } from './alert-view.ts';
import { useAlerts, useApiContact } from './use-alerts.ts';

/** Number of sensors listed before the list is expanded. */
const shownAtFirst = 12;

/** The current state of each sensor; not shown in history mode. */
export function CurrentPanel() {
  const { time, sensors } = useUrlState().state;
  const query = useAlerts();
  const { lostSince } = useApiContact();
  const title = 'Sensor states';
  if (time.mode === 'historical') {
    return (
      <Panel title={title} query={{ ...query, isError: false, isPlaceholderData: false, isHeld: true }}>
        <p className={styles.historical}>
          <Icon name="history" /> This is a past time window. Switch to live mode for the current state.
        </p>
      </Panel>
    );
  }
  if (query.data === undefined)
    return <PanelFallback title={title} query={query} bones={{ count: 2, height: 40 }} />;
  const alerts = query.data;
  // Alerts are also refreshed while paused, at their own interval.
  const freshness = { ...query, isError: query.isError || lostSince !== null, isHeld: true };
  return (
    <Panel title={title} query={freshness} aside={describeCounts(alerts.counts, alerts.retired)}>
      {alerts.sensors.length === 0 ? (
        <p className={styles.none}>{toAlertView(alerts, sensors.length > 0).subject}.</p>
      ) : (
        <CurrentList alerts={alerts} />
      )}
      {alerts.next_cursor !== null && <MoreSensors alerts={alerts} />}
    </Panel>
  );
}

function CurrentList({ alerts }: { alerts: Alerts }) {
  const [isWhole, setIsWhole] = useState(false);
  const api = useApi();
  useNow();
  const nowMs = api.now();
  const sensors = toByUrgency(alerts.sensors);
  const shown = isWhole ? sensors : sensors.slice(0, shownAtFirst);
  return (
    <>
      <ul className={styles.current} aria-label="Sensors by urgency">
        {shown.map((sensor) => (
          <CurrentSensor key={sensor.sensor_id} sensor={sensor} nowMs={nowMs} />
        ))}
      </ul>
      {sensors.length > shownAtFirst && (
        <button type="button" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole
            ? 'Show only the most urgent'
            : `Show all ${formatAmount(sensors.length, 'listed sensor')}`}
        </button>
      )}
    </>
  );
}

/** Says that the list is incomplete and links to the full list. */
function MoreSensors({ alerts }: { alerts: Alerts }) {
  const { anomaly, normal, silent, unscored } = alerts.counts;
  const total = formatAmount(anomaly + normal + silent + unscored, 'sensor');
  return (
    <p className={styles.none}>
      {formatCount(alerts.sensors.length)} of {total}, worst first.{' '}
      <UrlLink className={styles.show} to={toSensorsByState}>
        Show all sensors by state
      </UrlLink>
    </p>
  );
}

function toSensorsByState(url: UrlState): UrlState {
  return {
    ...url,
    view: 'sensors',
    sensorList: { ...url.sensorList, search: '', sort: 'state', order: 'asc' },
  };
}

function CurrentSensor({ sensor, nowMs }: { sensor: SensorAlert; nowMs: number }) {
  const { sensor_id, state, retired, since, received_at, clock_ahead_ms } = sensor;
  const at = state === 'silent' ? received_at : since;
  const clock = describeClock(clock_ahead_ms);
  return (
    <li data-state={state}>
      <StateLabel state={state} />
      <UrlLink className={styles.sensor} to={(url) => ({ ...url, view: 'overview', sensors: [sensor_id] })}>
        {sensor_id}
      </UrlLink>
      <span className={styles.note}>
        {state === 'silent' ? 'no readings for ' : 'for '}
        {formatDuration(nowMs - Date.parse(at))}, since <Timestamp iso={at} isShort />
        {clock !== null && `, ${clock}`}
        {retired && ', not counted'}
      </span>
    </li>
  );
}
