import type { AlertState, Alerts, SensorAlert, SensorState, StateCounts } from '@sensor-sentinel/contracts';
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

export function toAlertView(alerts: Alerts, isNarrowed = false): AlertView {
  const { state, counts } = alerts;
  if (state === 'empty') return toEmptyView(isNarrowed);
  const inState = listInState(alerts);
  const count = counts[state];
  // If not all of them are listed, the first or last change among them is unknown.
  const times = inState.length < count ? [] : inState.map(({ since }) => since);
  switch (state) {
    case 'anomaly':
      return {
        tone: state,
        headline: 'Anomaly detected',
        subject: inState.length === 0 ? formatAmount(count, 'sensor') : toNamed(inState, count),
        since: earliest(times),
      };
    case 'normal':
      return {
        tone: state,
        headline: 'No anomaly detected',
        subject: toSubject(alerts, isNarrowed),
        since: latest(times),
      };
    case 'unscored':
      return {
        tone: state,
        headline: 'No model yet',
        subject: `${toSubject(alerts, isNarrowed)} not scored`,
        since: latest(times),
      };
    case 'silent': {
      const arrivals = inState.length < count ? [] : inState.map(({ received_at }) => received_at);
      return {
        tone: state,
        headline: 'No readings',
        subject: toSubject(alerts, isNarrowed),
        since: latest(arrivals),
      };
    }
  }
}

function toEmptyView(isNarrowed: boolean): AlertView {
  return {
    tone: 'empty',
    headline: 'Waiting for the first reading',
    subject: isNarrowed
      ? 'The selected sensors have not sent a reading yet'
      : 'No sensor has sent a reading yet',
    since: null,
  };
}

/** Which sensors are in the overall state: `Sensor a`, `Sensors a, b` if they are selected, `3 of 5 sensors`, `All 5 sensors`. */
function toSubject(alerts: Alerts, isNarrowed: boolean): string {
  const inState = listInState(alerts);
  const total = countSensors(alerts);
  const count =
    total === 0 ? alerts.retired : alerts.counts[alerts.state === 'empty' ? 'silent' : alerts.state];
  if (count < total) return `${formatCount(count)} of ${formatAmount(total, 'sensor')}`;
  if (inState.length === count && (count === 1 || isNarrowed)) return toNamed(inState, count);
  return count === 1 ? '1 sensor' : `All ${formatAmount(count, 'sensor')}`;
}

/** Without retired ones. */
function countSensors({ counts }: Alerts): number {
  return counts.anomaly + counts.normal + counts.silent + counts.unscored;
}

function toNamed(sensors: readonly SensorAlert[], count: number): string {
  return `${count === 1 ? 'Sensor' : 'Sensors'} ${toNames(sensors, count)}`;
}

/** The listed sensors that are in the overall state; retired ones only if there are no others. */
function listInState(alerts: Alerts): SensorAlert[] {
  const isCounted = countSensors(alerts) > 0;
  return alerts.sensors.filter(({ state, retired }) => state === alerts.state && !(retired && isCounted));
}

/** The sensors whose latest values are shown: anomalies first, retired ones last, then by name. */
export function toLatest({ sensors }: Alerts): SensorAlert[] {
  return sensors.toSorted(
    (a, b) =>
      Number(b.state === 'anomaly') - Number(a.state === 'anomaly') ||
      Number(a.retired) - Number(b.retired) ||
      a.sensor_id.localeCompare(b.sensor_id),
  );
}

const stateWords: Record<AlertState, string> = {
  anomaly: 'anomaly',
  normal: 'normal',
  silent: 'no readings',
  unscored: 'not scored',
  empty: 'no reading yet',
};

/** The view while the state is not known. @param knownAt when it was known last, as a text; null: never */
export function toUnknownView(reason: string, alerts: Alerts | undefined, knownAt: string | null): AlertView {
  const last =
    alerts === undefined || knownAt === null ? [] : [`last known ${knownAt}: ${stateWords[alerts.state]}`];
  return { tone: 'unknown', headline: 'State unknown', subject: [reason, ...last].join(' · '), since: null };
}

const urgency: readonly SensorState[] = ['anomaly', 'silent', 'unscored', 'normal'];

/** Anomalous sensors first, then silent ones, then those that no model scores; latest change first; retired ones last. */
export function toByUrgency(sensors: readonly SensorAlert[]): SensorAlert[] {
  return sensors.toSorted(
    (a, b) =>
      Number(a.retired) - Number(b.retired) ||
      urgency.indexOf(a.state) - urgency.indexOf(b.state) ||
      Number(a.since < b.since) - Number(a.since > b.since) ||
      (a.sensor_id < b.sensor_id ? -1 : 1),
  );
}

/** `2 sensors anomalous, 1 silent, 40 normal, 2 silent for over a day` */
export function describeCounts({ anomaly, normal, silent, unscored }: StateCounts, retired: number): string {
  const parts = [
    { count: anomaly, words: 'anomalous' },
    { count: silent, words: 'silent' },
    { count: unscored, words: 'not scored' },
    { count: normal, words: 'normal' },
    { count: retired, words: 'silent for over a day' },
  ].filter(({ count }) => count > 0);
  return parts
    .map(
      ({ count, words }, index) =>
        `${index === 0 ? formatAmount(count, 'sensor') : formatCount(count)} ${words}`,
    )
    .join(', ');
}

/** Names the silent sensors if others are not silent, and counts those that no longer count. */
export function toSilentNote(alerts: Alerts): string | null {
  const { state, counts, retired, sensors } = alerts;
  const silent = sensors.filter((sensor) => sensor.state === 'silent' && !sensor.retired);
  const notes = [
    counts.silent > 0 && state !== 'silent' && `No readings from ${toNames(silent, counts.silent)}`,
    retired > 0 &&
      countSensors(alerts) > 0 &&
      `${formatAmount(retired, 'sensor')} silent for over a day, not counted`,
  ].filter((note) => note !== false);
  return notes.length === 0 ? null : notes.join('; ');
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
