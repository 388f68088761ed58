import type { Sensor } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { useZone } from '../url-state/url-state-context.ts';
import { describeClock } from './describe-clock.ts';
import styles from './sensors.module.css';

/** Opens the overview of the sensor. */
export function SensorName({ name }: { name: string }) {
  return (
    <UrlLink
      to={(state) => ({ ...state, view: 'overview', sensors: [name] })}
      current={undefined}
      className={styles.name}
    >
      {name}
    </UrlLink>
  );
}

/** A reading that arrived later than this after its timestamp was delayed or read from a file. */
const lateMs = 60_000;

/** The age of the newest reading, by the clock of the API. */
export function LastSeen({ sensor }: { sensor: Sensor }) {
  const api = useApi();
  const zone = useZone();
  const { last_seen: seen, reading, clock_ahead_ms } = sensor;
  if (seen === null) return <span className={styles.note}>–</span>;
  const now = new Date(api.now());
  const clock = describeClock(clock_ahead_ms);
  const isLate = reading !== null && Date.parse(seen) - Date.parse(reading.timestamp) > lateMs;
  return (
    <span className={styles.seen}>
      <span>
        {formatDuration(now.getTime() - Date.parse(seen))}
        <span className={styles.ago}> ago</span>
      </span>{' '}
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
