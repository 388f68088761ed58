import { type Feature, featureValueOf, type Sensor } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount, formatDecimal } from '../../ui/format-number.ts';
import { toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { formatWithUnit } from '../types/format-feature.ts';
import { UrlLink } from '../url-state/url-link.tsx';
import type { UrlState } from '../url-state/url-state.ts';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import { describeClock } from './describe-clock.ts';
import { SensorSparkline } from './sensor-sparkline.tsx';
import styles from './sensors.module.css';
import { StateLabel } from './state-label.tsx';

/** A reading that arrived later than this after its timestamp was delayed or read from a file. */
const lateMs = 60_000;

function toOverview(sensor: string): (state: UrlState) => UrlState {
  return (state) => ({ ...state, view: 'overview', sensors: [sensor] });
}

interface SensorRowProps {
  sensor: Sensor;
  features: readonly Feature[];
  index: number;
  /** The API's clock. */
  nowMs: number;
}

export function SensorRow({ sensor, features, index, nowMs }: SensorRowProps) {
  const { sparkline } = useUrlState().state.sensorList;
  const { sensor_id, state, reading, count, anomalies } = sensor;
  return (
    // Row 1 is the header.
    <tr className={styles.row} data-state={state} aria-rowindex={index + 2}>
      <th scope="row">
        <UrlLink to={toOverview(sensor_id)} current={undefined} className={styles.name}>
          {sensor_id}
        </UrlLink>
      </th>
      <td>
        <StateLabel state={state} />
      </td>
      <td>
        <LastSeen sensor={sensor} nowMs={nowMs} />
      </td>
      {features.map((feature) => (
        <td key={feature.name} data-number data-from="wide">
          {formatWithUnit(reading && featureValueOf(reading, feature.name), feature)}
        </td>
      ))}
      <td data-number data-from="middle">
        {formatDecimal(sensor.rate_per_minute)}
      </td>
      <td data-number data-from="middle">
        {anomalies === 0 && reading?.prediction === null ? '–' : formatCount(anomalies)}
        <span className={styles.note}> of {formatCount(count)}</span>
      </td>
      <td data-from="narrow">
        <SensorSparkline values={sensor.sparkline} subject={sparkline} />
      </td>
    </tr>
  );
}

function LastSeen({ sensor, nowMs }: { sensor: Sensor; nowMs: number }) {
  const { last_seen: seen, reading, clock_ahead_ms } = sensor;
  const zone = useZone();
  if (seen === null) return <span className={styles.note}>–</span>;
  const clock = describeClock(clock_ahead_ms);
  const now = new Date(nowMs);
  const isLate = reading !== null && Date.parse(seen) - Date.parse(reading.timestamp) > lateMs;
  return (
    <span className={styles.seen}>
      <span>{formatDuration(nowMs - Date.parse(seen))} ago</span>{' '}
      {clock === null ? (
        <span className={styles.note}>
          <Timestamp iso={seen} text={toShortText(new Date(seen), now, zone)} />
          {isLate && (
            <>
              , measured at{' '}
              <Timestamp iso={reading.timestamp} text={toShortText(new Date(reading.timestamp), now, zone)} />
            </>
          )}
        </span>
      ) : (
        <span className={`${styles.note} ${styles.clock}`}>{clock}</span>
      )}
    </span>
  );
}
