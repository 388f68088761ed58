import type { AlertState, Alerts, SensorAlert } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { describeClock } from '../sensors/describe-clock.ts';

export type AlertTone = AlertState | 'historical' | 'unknown' | 'loading';

export interface AlertView {
  tone: AlertTone;
  headline: string;
  /** The sensors concerned. */
  subject: string;
  /** Start of this state, UTC. */
  since: string | null;
}

const namedSensors = 4;

/** Names some of `count` sensors; the page may list fewer sensors than are counted, or none. */
function toNames(listed: readonly SensorAlert[], count: number): string {
  const names = listed.slice(0, namedSensors).map(({ sensor_id }) => isolateName(sensor_id));
  if (names.length === 0) return formatAmount(count, 'sensor');
  const more = count - names.length;
  return names.join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}

function earliest(times: string[]): string | null {
  return times.toSorted().at(0) ?? null;
}

function latest(times: string[]): string | null {
  return times.toSorted().at(-1) ?? null;
}

export function toAlertView(alerts: Alerts): AlertView {
  const { state, counts } = alerts;
  if (state === 'empty') {
    return {
      tone: 'empty',
      headline: 'Waiting for the first reading',
      subject: 'No sensor has sent a reading yet',
      since: null,
    };
  }
  const inState = listInState(alerts);
  const count = counts[state];
  // If not all of them are listed, the first or last change among them is unknown.
  const times = inState.length < count ? [] : inState.map(({ since }) => since);
  const one = count === 1 ? inState[0] : undefined;
  switch (state) {
    case 'anomaly':
      return {
        tone: 'anomaly',
        headline: 'Anomaly detected',
        subject: inState.length === 0 ? formatAmount(count, 'sensor') : toNamed(inState, count),
        since: earliest(times),
      };
    case 'normal':
      return {
        tone: 'normal',
        headline: 'No anomaly detected',
        subject: one ? `Sensor ${isolateName(one.sensor_id)}` : formatAmount(count, 'sensor'),
        since: latest(times),
      };
    case 'unscored':
      return {
        tone: 'unscored',
        headline: 'No model yet',
        subject: one
          ? `Sensor ${isolateName(one.sensor_id)} is not scored`
          : `${formatAmount(count, 'sensor')} not scored`,
        since: latest(times),
      };
    case 'silent': {
      const arrivals = inState.length < count ? [] : inState.map(({ received_at }) => received_at);
      const subject = one ? `Sensor ${isolateName(one.sensor_id)}` : `All ${formatCount(count)} sensors`;
      return { tone: 'silent', headline: 'No readings', subject, since: latest(arrivals) };
    }
  }
}

function toNamed(sensors: readonly SensorAlert[], count: number): string {
  return `${count === 1 ? 'Sensor' : 'Sensors'} ${toNames(sensors, count)}`;
}

/** The listed sensors that are in the overall state. */
function listInState({ state, sensors }: Alerts): SensorAlert[] {
  return sensors.filter((sensor) => sensor.state === state);
}

/** The sensors whose latest values are shown: the selected ones, or else all of them, anomalies first, then by name. */
export function chooseSensors(alerts: Alerts, chosen: readonly string[]): SensorAlert[] {
  if (chosen.length > 0) return alerts.sensors.filter(({ sensor_id }) => chosen.includes(sensor_id));
  return alerts.sensors.toSorted(
    (a, b) =>
      Number(b.state === 'anomaly') - Number(a.state === 'anomaly') || a.sensor_id.localeCompare(b.sensor_id),
  );
}

/** Names the silent sensors if others are not silent. */
export function toSilentNote({ state, counts, sensors }: Alerts): string | null {
  if (counts.silent === 0 || state === 'silent') return null;
  const silent = sensors.filter((sensor) => sensor.state === 'silent');
  return `No readings from ${toNames(silent, counts.silent)}`;
}

/** Names the sensors in the overall state whose clock is ahead: `a (clock 23 h ahead)`. */
export function toClockNote(alerts: Alerts): string | null {
  const notes = listInState(alerts).flatMap(({ sensor_id, clock_ahead_ms }) => {
    const note = describeClock(clock_ahead_ms);
    return note === null ? [] : [`${isolateName(sensor_id)} (${note})`];
  });
  if (notes.length === 0) return null;
  const more = notes.length - namedSensors;
  return notes.slice(0, namedSensors).join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}
