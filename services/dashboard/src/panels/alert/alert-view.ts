import type { Alerts } from '@sensor-sentinel/contracts';
import { formatAmount } from '../../format/format-number.ts';

export type AlertTone = 'normal' | 'anomaly' | 'silent' | 'empty' | 'historical' | 'unknown' | 'loading';

type SensorAlert = Alerts['sensors'][number];

export interface AlertView {
  tone: AlertTone;
  headline: string;
  /** Whom it is about. */
  subject: string;
  /** UTC; since when it has been so. */
  since: string | null;
}

const namedSensors = 4;

function toNames(sensors: SensorAlert[]): string {
  const names = sensors.slice(0, namedSensors).map(({ sensor_id }) => sensor_id);
  const more = sensors.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function earliest(times: string[]): string | null {
  return times.toSorted().at(0) ?? null;
}

function latest(times: string[]): string | null {
  return times.toSorted().at(-1) ?? null;
}

export function toAlertView({ state, sensors }: Alerts): AlertView {
  const inState = sensors.filter((sensor) => sensor.state === state);
  const since = inState.map((sensor) => sensor.since);
  switch (state) {
    case 'anomaly':
      return {
        tone: 'anomaly',
        headline: 'Anomaly detected',
        subject: `${inState.length === 1 ? 'Sensor' : 'Sensors'} ${toNames(inState)}`,
        since: earliest(since),
      };
    case 'normal':
      return {
        tone: 'normal',
        headline: 'No anomaly detected',
        subject: inState.length === 1 ? `Sensor ${toNames(inState)}` : formatAmount(inState.length, 'sensor'),
        since: latest(since),
      };
    case 'silent': {
      const subject = inState.length === 1 ? `Sensor ${toNames(inState)}` : `All ${inState.length} sensors`;
      const heard = inState.map(({ reading }) => reading.timestamp);
      return { tone: 'silent', headline: 'No readings', subject, since: latest(heard) };
    }
    case 'empty':
      return {
        tone: 'empty',
        headline: 'Waiting for the first reading',
        subject: 'No sensor has sent a reading yet',
        since: null,
      };
  }
}

/** The sensors whose latest values are worth a line: the chosen ones, else those in anomaly, then by name. */
export function chooseSensors(alerts: Alerts, chosen: readonly string[]): SensorAlert[] {
  if (chosen.length > 0) return alerts.sensors.filter(({ sensor_id }) => chosen.includes(sensor_id));
  return alerts.sensors.toSorted(
    (a, b) =>
      Number(b.state === 'anomaly') - Number(a.state === 'anomaly') || a.sensor_id.localeCompare(b.sensor_id),
  );
}

/** Sensors not heard of, where others are. */
export function toSilentNote(alerts: Alerts): string | null {
  const silent = alerts.sensors.filter(({ state }) => state === 'silent');
  return silent.length === 0 || alerts.state === 'silent' ? null : `No readings from ${toNames(silent)}`;
}
