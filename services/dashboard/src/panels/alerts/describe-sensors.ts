import type { Alerts, SensorState } from '@sensor-sentinel/contracts';
import { formatAmount } from '../../format/format-number.ts';

type SensorAlert = Alerts['sensors'][number];

const urgency: readonly SensorState[] = ['anomaly', 'silent', 'normal'];

/** Those in anomaly first, then those that are silent; the last that changed first. */
export function toByUrgency(sensors: readonly SensorAlert[]): SensorAlert[] {
  return sensors.toSorted(
    (a, b) =>
      urgency.indexOf(a.state) - urgency.indexOf(b.state) ||
      Number(a.since < b.since) - Number(a.since > b.since) ||
      (a.sensor_id < b.sensor_id ? -1 : 1),
  );
}

/** `2 sensors in anomaly, 1 silent, 40 normal` */
export function describeSensors(sensors: readonly SensorAlert[]): string {
  const countOf = (state: SensorState) => sensors.filter((sensor) => sensor.state === state).length;
  const parts = [
    { count: countOf('anomaly'), words: 'in anomaly' },
    { count: countOf('silent'), words: 'silent' },
    { count: countOf('normal'), words: 'normal' },
  ].filter(({ count }) => count > 0);
  return parts
    .map(({ count, words }, index) => `${index === 0 ? formatAmount(count, 'sensor') : count} ${words}`)
    .join(', ');
}
