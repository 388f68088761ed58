import type { Fleet, FleetIncident, FleetSensor } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatPercent } from '../../ui/format-number.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { describeWindow, toDateTimeText, toShortText } from '../time/format-time.ts';
import { toWindow } from '../time/time-window.ts';
import type { Zone } from '../time/zone.ts';
import type { Cell } from './fleet-cells.ts';

interface Place {
  sensor: FleetSensor;
  cell: Cell | null;
  incident: FleetIncident | null;
}

/** `boiler room, 2026-11-22 15:00 – 15:01: 3 of 60 readings were anomalies; incident of the rule Anomalies` */
export function describePlace(place: Place, zone: Zone): string {
  return `${isolateName(place.sensor.sensor_id)}, ${listPlaceLines(place, zone).join('; ')}`;
}

/** When, what arrived, and the incident: the lines of a tooltip. */
export function listPlaceLines({ sensor, cell, incident }: Place, zone: Zone): string[] {
  return [
    ...(cell === null
      ? []
      : [`${describeWindow(toWindow(cell.fromMs, cell.toMs), zone)}: ${describeCell(cell, sensor)}`]),
    ...(incident === null ? [] : [describeIncident(incident, zone)]),
  ];
}

function describeCell({ kind, readings, anomalies }: Cell, { state }: FleetSensor): string {
  if (kind === 'silent') return 'silent';
  return kind === 'empty' ? 'no readings' : describeCount(readings, anomalies, state);
}

function describeCount(readings: number, anomalies: number, state: FleetSensor['state']): string {
  const amount = formatAmount(readings, 'reading');
  if (anomalies > 0)
    return `${formatCount(anomalies)} of ${amount} ${anomalies === 1 ? 'was an anomaly' : 'were anomalies'}`;
  return state === 'unscored' ? amount : `${amount}, no anomaly`;
}

function describeIncident({ rule, started_at, ended_at, acknowledged }: FleetIncident, zone: Zone): string {
  const start = new Date(started_at);
  const since = toDateTimeText(start, zone);
  if (ended_at === null)
    return `Incident ${isolateName(rule)}, firing since ${since}${acknowledged ? ', acknowledged' : ''}`;
  return `Incident ${isolateName(rule)} from ${since} to ${toShortText(new Date(ended_at), start, zone)}`;
}

const stateWords = {
  normal: 'normal now',
  anomaly: 'anomaly now',
  silent: 'silent now',
  unscored: 'not scored yet',
} as const;

/** A sensor in the whole window. */
export function describeSensor(sensor: FleetSensor): string {
  const { state, count, anomalies, incidents, more_incidents } = sensor;
  const firing = incidents.filter(({ ended_at }) => ended_at === null).length;
  const total = incidents.length + more_incidents;
  return [
    stateWords[state],
    count === 0 ? 'no readings in this window' : describeCount(count, anomalies, state),
    ...(total === 0 ? [] : [`${formatAmount(total, 'incident')}${firing === 0 ? '' : `, ${firing} firing`}`]),
  ].join('; ');
}

/** `205 sensors, worst first` */
export function describeRows({ sensors, more }: Fleet): string {
  if (more > 0)
    return `${formatCount(sensors.length)} of ${formatAmount(sensors.length + more, 'sensor')}, worst first`;
  return `${formatAmount(sensors.length, 'sensor')}${sensors.length > 1 ? ', worst first' : ''}`;
}

export const fleetColumns = ['Sensor', 'State', 'Readings', 'Anomalies', 'Share', 'Incidents'];

/** A row per sensor, for `fleetColumns`. */
export function listFleetRows({ sensors }: Fleet): string[][] {
  return sensors.map(({ sensor_id, state, count, anomalies, incidents, more_incidents }) => [
    sensor_id,
    stateWords[state],
    formatCount(count),
    formatCount(anomalies),
    count === 0 ? '–' : formatPercent(anomalies / count),
    formatCount(incidents.length + more_incidents),
  ]);
}
