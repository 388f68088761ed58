import { type Alerts, featureValueOf } from '@sensor-sentinel/contracts';
import { formatAmount } from '../../ui/format-number.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { describeClock } from '../sensors/describe-clock.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { formatWithUnit, toShownFeatures } from '../types/format-feature.ts';
import { useSensorType } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';
import { countSensors, toLatest } from './alert-view.ts';

const shownSensors = 4;

export function LatestValues({ alerts }: { alerts: Alerts }) {
  const features = toShownFeatures(useSensorType().features, []);
  const chosen = toLatest(alerts);
  const total = countSensors(alerts) + alerts.retired;
  if (chosen.length === 0) return null;
  return (
    <ScrollRegion label="Latest values" className={styles.valuesFrame}>
      <table className={styles.values} aria-label="Latest values">
        <thead>
          <tr>
            <th scope="col">Sensor</th>
            {features.map(({ name, title }) => (
              <th key={name} scope="col">
                {title}
              </th>
            ))}
            <th scope="col" className={styles.optional}>
              State
            </th>
            <th scope="col" className={styles.optional}>
              At
            </th>
          </tr>
        </thead>
        <tbody>
          {chosen.slice(0, shownSensors).map(({ sensor_id, state, reading, clock_ahead_ms }) => (
            <tr key={sensor_id}>
              <th scope="row" title={sensor_id}>
                {sensor_id}
              </th>
              {features.map((feature) => (
                <td key={feature.name}>{formatWithUnit(featureValueOf(reading, feature.name), feature)}</td>
              ))}
              <td className={`${styles.state} ${styles.optional}`}>
                {[state === 'unscored' ? 'not scored' : state, describeClock(clock_ahead_ms)]
                  .filter((word) => word !== null)
                  .join(', ')}
              </td>
              <td className={`${styles.state} ${styles.optional}`}>
                <Timestamp iso={reading.timestamp} isShort />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > shownSensors && <p>and {formatAmount(total - shownSensors, 'more sensor')}</p>}
    </ScrollRegion>
  );
}
