import type { SensorAlert, SensorState, StateCounts } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';

const urgency: readonly SensorState[] = ['anomaly', 'silent', 'unscored', 'normal'];

/** Anomalous sensors first, then silent ones, then those that no model scores; latest change first. */
export function toByUrgency(sensors: readonly SensorAlert[]): SensorAlert[] {
  return sensors.toSorted(
    (a, b) =>
      urgency.indexOf(a.state) - urgency.indexOf(b.state) ||
      Number(a.since < b.since) - Number(a.since > b.since) ||
      (a.sensor_id < b.sensor_id ? -1 : 1),
  );
}

export function countStates(sensors: readonly SensorAlert[]): StateCounts {
  const counts = { anomaly: 0, normal: 0, silent: 0, unscored: 0 };
  for (const { state } of sensors) counts[state] += 1;
  return counts;
}

/** `2 sensors anomalous, 1 silent, 40 normal` */
export function describeCounts({ anomaly, normal, silent, unscored }: StateCounts): string {
  const parts = [
    { count: anomaly, words: 'anomalous' },
    { count: silent, words: 'silent' },
    { count: unscored, words: 'not scored' },
    { count: normal, words: 'normal' },
  ].filter(({ count }) => count > 0);
  return parts
    .map(
      ({ count, words }, index) =>
        `${index === 0 ? formatAmount(count, 'sensor') : formatCount(count)} ${words}`,
    )
    .join(', ');
}
