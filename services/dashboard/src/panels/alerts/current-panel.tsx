import type { Alerts } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { useAlerts } from '../../api/use-alerts.ts';
import { useApiContact } from '../../api/use-api-contact.ts';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { Timestamp } from '../../components/timestamp.tsx';
import { UrlLink } from '../../components/url-link.tsx';
import { formatDuration } from '../../format/format-duration.ts';
import { formatCount } from '../../format/format-number.ts';
import { toShortText } from '../../time/local-time.ts';
import { useNow } from '../../time/use-now.ts';
import { useUrlState, useZone } from '../../url-state/url-state-context.ts';
import { StateLabel } from '../sensors/state-label.tsx';
import styles from './alerts-view.module.css';
import { describeSensors, toByUrgency } from './describe-sensors.ts';

/** Those that are fine need no more room than this. */
const shownAtFirst = 12;

/** The present state of each sensor, which history is not about. */
export function CurrentPanel() {
  const { time, sensors } = useUrlState().state;
  const query = useAlerts();
  const { lostSince } = useApiContact();
  const title = 'State of the sensors';
  if (time.mode === 'historical') {
    return (
      <Panel title={title} query={{ ...query, isError: false, isPlaceholderData: false, isHeld: true }}>
        <p className={styles.historical}>
          <Icon name="history" /> A past window is shown. The present state is in live mode.
        </p>
      </Panel>
    );
  }
  if (query.data === undefined)
    return <PanelFallback title={title} query={query} bones={{ count: 2, height: 40 }} />;
  const chosen = query.data.sensors.filter(
    ({ sensor_id }) => sensors.length === 0 || sensors.includes(sensor_id),
  );
  // It is followed in paused mode too, and checked at a pace of its own.
  const freshness = { ...query, isError: query.isError || lostSince !== null, isHeld: true };
  return (
    <Panel title={title} query={freshness} aside={<span>{describeSensors(chosen)}</span>}>
      {chosen.length === 0 ? (
        <p className={styles.none}>
          {sensors.length === 0
            ? 'No sensor has sent a reading yet.'
            : 'The chosen sensors have not sent a reading yet.'}
        </p>
      ) : (
        <CurrentList alerts={{ ...query.data, sensors: chosen }} />
      )}
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
          {isWhole ? 'Show the most urgent only' : `Show all ${formatCount(sensors.length)} sensors`}
        </button>
      )}
    </>
  );
}

function CurrentSensor({ sensor, nowMs }: { sensor: Alerts['sensors'][number]; nowMs: number }) {
  const zone = useZone();
  const { sensor_id, state, since, reading } = sensor;
  const at = state === 'silent' ? reading.timestamp : since;
  return (
    <li data-state={state}>
      <StateLabel state={state} />
      <UrlLink
        className={styles.sensor}
        current={undefined}
        to={(url) => ({ ...url, view: 'overview', sensors: [sensor_id] })}
      >
        {sensor_id}
      </UrlLink>
      <span className={styles.note}>
        {state === 'silent' ? 'no readings for ' : 'for '}
        {formatDuration(nowMs - Date.parse(at))}, since{' '}
        <Timestamp iso={at} text={toShortText(new Date(at), new Date(nowMs), zone)} />
      </span>
    </li>
  );
}
