import type { SensorAlert } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount } from '../../ui/format-number.ts';
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
import { countSensors, describeCounts, toAlertView, toByUrgency } from './alert-view.ts';
import { useAlerts, useApiContact } from './use-alerts.ts';

const title = 'Sensor states';
const shownSensors = 12;

/** The current state of the most urgent sensors; not shown in history mode. */
export function CurrentPanel() {
  const { time, sensors } = useUrlState().state;
  const query = useAlerts();
  const { lostSince } = useApiContact();
  if (time.mode === 'historical') {
    return (
      <Panel title={title} query={{ ...query, isError: false, isPlaceholderData: false, isHeld: true }}>
        <p className={styles.historical}>
          <Icon name="history" /> This is a past time window. Switch to live mode for the current state.
        </p>
      </Panel>
    );
  }
  const alerts = query.data;
  if (alerts === undefined)
    return <PanelFallback title={title} query={query} bones={{ count: 2, height: 40 }} />;
  // Alerts are also refreshed while paused, at their own interval.
  const freshness = { ...query, isError: query.isError || lostSince !== null, isHeld: true };
  const total = countSensors(alerts) + alerts.retired;
  return (
    <Panel title={title} query={freshness} aside={describeCounts(alerts.counts, alerts.retired)}>
      {alerts.state === 'empty' ? (
        <p className={styles.none}>{toAlertView(alerts, sensors).subject}.</p>
      ) : (
        <CurrentList sensors={toByUrgency(alerts.sensors).slice(0, shownSensors)} />
      )}
      {total > shownSensors && (
        <p className={styles.none}>
          The {shownSensors} most urgent of {formatAmount(total, 'sensor')}.{' '}
          <UrlLink className={styles.show} to={toSensorsByState}>
            Show all sensors by state
          </UrlLink>
        </p>
      )}
    </Panel>
  );
}

function toSensorsByState(url: UrlState): UrlState {
  return {
    ...url,
    view: 'sensors',
    sensorList: { ...url.sensorList, search: '', sort: 'state', order: 'asc' },
  };
}

function CurrentList({ sensors }: { sensors: readonly SensorAlert[] }) {
  useNow();
  const nowMs = useApi().now();
  return (
    <ul className={styles.current} aria-label="Sensors by urgency">
      {sensors.map((sensor) => (
        <CurrentSensor key={sensor.sensor_id} sensor={sensor} nowMs={nowMs} />
      ))}
    </ul>
  );
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
