import type { AlertState, Alerts, SensorAlert, SensorState, StateCounts } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { toIncidentTitle } from '../incidents/describe-incident.ts';
import { describeClock } from '../sensors/describe-clock.ts';

/** `acknowledged`: incidents fire, and somebody has acknowledged all of them. */
export type AlertTone = AlertState | 'incident' | 'acknowledged' | 'historical' | 'unknown' | 'loading';

export interface AlertView {
  tone: AlertTone;
  headline: string;
  /** The state within a sentence: `now: 2 incidents`. */
  brief: string;
  /** The sensors concerned. */
  subject: string;
  /** Start of this state, UTC. */
  since?: string | null;
}

const words: Record<AlertState, { headline: string; brief: string }> = {
  anomaly: { headline: 'Anomaly detected', brief: 'anomaly' },
  normal: { headline: 'Normal now', brief: 'normal' },
  unscored: { headline: 'No model yet', brief: 'no model yet' },
  silent: { headline: 'No readings', brief: 'no readings' },
  empty: { headline: 'Waiting for the first reading', brief: 'no reading yet' },
};

export const loadingView: AlertView = {
  ...{ tone: 'loading', headline: 'Loading current state', brief: 'loading', subject: 'Waiting for the API' },
};

/** What is most urgent: incidents, then anomalies, then silent sensors. @param selected empty: all sensors */
export function toAlertView(alerts: Alerts, selected: readonly string[] = []): AlertView {
  const { state, counts, incidents } = alerts;
  if (incidents.firing > 0) return toIncidentView(alerts, selected);
  if (state === 'normal' && counts.silent > 0) {
    const headline = `${formatCount(counts.silent)} of ${formatAmount(countSensors(alerts), 'sensor')} silent`;
    return { tone: 'silent', headline, brief: headline, subject: toSilentNames(alerts) };
  }
  return { tone: state, ...words[state], subject: toSubject(alerts, selected), since: toSince(alerts) };
}

function toIncidentView(alerts: Alerts, selected: readonly string[]): AlertView {
  const { firing, unacknowledged, newest } = alerts.incidents;
  const amount = formatAmount(firing, 'incident');
  const [first] = newest;
  const isAcknowledged = unacknowledged === 0;
  const brief = `${amount}${isAcknowledged ? ', acknowledged' : ''}`;
  const isSingle = firing === 1 && first !== undefined;
  return {
    tone: isAcknowledged ? 'acknowledged' : 'incident',
    headline: isSingle ? `${isAcknowledged ? 'Acknowledged' : 'Incident'}: ${toIncidentTitle(first)}` : brief,
    brief,
    subject: toScope(alerts, selected),
  };
}

/** The view while the state is not known. @param knownAt when it was known last, as a text; null: never */
export function toUnknownView(reason: string, known: AlertView | null, knownAt: string | null): AlertView {
  const isKnown = known !== null && knownAt !== null;
  const subject = isKnown ? `${reason} · last known ${knownAt}: ${known.brief}` : reason;
  return { tone: 'unknown', headline: 'State unknown', brief: 'state unknown', subject };
}

function toSubject(alerts: Alerts, selected: readonly string[]): string {
  const { state } = alerts;
  if (state === 'anomaly') return toNamed(listInState(alerts), alerts.counts.anomaly);
  if (state === 'unscored') return `${toAmount(alerts, selected)} not scored`;
  if (state !== 'empty') return toAmount(alerts, selected);
  return selected.length > 0
    ? 'The selected sensors have not sent a reading yet'
    : 'No sensor has sent a reading yet';
}

/** How many sensors are in the overall state: `3 of 5 sensors`, or all of them. */
function toAmount(alerts: Alerts, selected: readonly string[]): string {
  const total = countSensors(alerts);
  const count = total === 0 ? alerts.retired : countInState(alerts);
  if (count < total) return `${formatCount(count)} of ${formatAmount(total, 'sensor')}`;
  return toScope(alerts, selected);
}

/** The sensors that the state is about: `All 5 sensors`, `Sensor a`, or `Selected: a, b`. */
function toScope(alerts: Alerts, selected: readonly string[]): string {
  if (selected.length > 0) return `Selected: ${toList(selected.map(isolateName), selected.length)}`;
  const total = countSensors(alerts);
  const count = total === 0 ? alerts.retired : total;
  if (count !== 1) return `All ${formatAmount(count, 'sensor')}`;
  return toNamed(
    alerts.sensors.filter(({ retired }) => total === 0 || !retired),
    1,
  );
}

/** Since the first of several anomalies; in other states, since the last sensor is in it. */
function toSince(alerts: Alerts): string | null {
  const inState = listInState(alerts);
  // If not all of them are listed, the first or last change among them is unknown.
  if (inState.length < countInState(alerts)) return null;
  const { state } = alerts;
  const times = inState.map(({ since, received_at }) => (state === 'silent' ? received_at : since));
  return times.toSorted().at(state === 'anomaly' ? 0 : -1) ?? null;
}

function countInState({ state, counts }: Alerts): number {
  return state === 'empty' ? 0 : counts[state];
}

/** Without retired ones. */
export function countSensors({ counts }: Alerts): number {
  return counts.anomaly + counts.normal + counts.silent + counts.unscored;
}

/** The listed sensors that are in the overall state; retired ones only if there are no others. */
function listInState(alerts: Alerts): SensorAlert[] {
  const isCounted = countSensors(alerts) > 0;
  return alerts.sensors.filter(({ state, retired }) => state === alerts.state && !(retired && isCounted));
}

const namedSensors = 4;

/** `a, b, c, d and 2 more`; the page may list fewer sensors than are counted. */
function toList(names: readonly string[], count: number): string {
  const named = names.slice(0, namedSensors);
  const more = count - named.length;
  return named.join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}

function toNames(listed: readonly SensorAlert[], count: number): string {
  const names = listed.map(({ sensor_id }) => isolateName(sensor_id));
  return names.length === 0 ? formatAmount(count, 'sensor') : toList(names, count);
}

/** `Sensors a, b` */
function toNamed(listed: readonly SensorAlert[], count: number): string {
  const names = toNames(listed, count);
  if (listed.length === 0) return names;
  return `${count === 1 ? 'Sensor' : 'Sensors'} ${names}`;
}

function toSilentNames({ sensors, counts }: Alerts): string {
  const silent = sensors.filter(({ state, retired }) => state === 'silent' && !retired);
  return `No readings from ${toNames(silent, counts.silent)}`;
}

/** What the headline leaves out: silent sensors, anomalous ones beside an incident, and those that no longer count. */
export function toNotes(alerts: Alerts): string[] {
  const { state, counts, retired, incidents } = alerts;
  const isIncident = incidents.firing > 0;
  const isSaid = !isIncident && (state === 'normal' || state === 'silent');
  return [
    ...(isIncident && counts.anomaly > 0 ? [`${formatAmount(counts.anomaly, 'sensor')} anomalous now`] : []),
    ...(state === 'anomaly' && !isIncident ? ['No rule fires yet'] : []),
    ...(counts.silent > 0 && !isSaid ? [toSilentNames(alerts)] : []),
    ...(retired > 0 && countSensors(alerts) > 0
      ? [`${formatAmount(retired, 'sensor')} silent for over a day, not counted`]
      : []),
  ];
}

/** Names the sensors in the overall state whose clock is ahead: `a (clock 23 h ahead)`. */
export function toClockNote(alerts: Alerts): string | null {
  const notes = listInState(alerts)
    .filter(({ clock_ahead_ms }) => clock_ahead_ms !== null)
    .map(({ sensor_id, clock_ahead_ms }) => `${isolateName(sensor_id)} (${describeClock(clock_ahead_ms)})`);
  return notes.length === 0 ? null : toList(notes, notes.length);
}

/** `2 sensors anomalous, 1 silent, 40 normal, 2 silent for over a day` */
export function describeCounts({ anomaly, normal, silent, unscored }: StateCounts, retired: number): string {
  const parts = [
    { count: anomaly, title: 'anomalous' },
    { count: silent, title: 'silent' },
    { count: unscored, title: 'not scored' },
    { count: normal, title: 'normal' },
    { count: retired, title: 'silent for over a day' },
  ].filter(({ count }) => count > 0);
  return parts
    .map(
      ({ count, title }, index) =>
        `${index === 0 ? formatAmount(count, 'sensor') : formatCount(count)} ${title}`,
    )
    .join(', ');
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
