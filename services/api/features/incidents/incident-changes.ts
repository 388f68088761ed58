import type { Incident } from '@sensor-sentinel/contracts';
import type { Statement } from '../../storage/connection.ts';

/** An incident began or ended. */
export type IncidentChange = Pick<
  Incident,
  'id' | 'rule' | 'type' | 'sensor_id' | 'severity' | 'labels' | 'state'
>;

/** The labels of an incident as Alertmanager knows them, which silences match. */
export function toAlertLabels(change: Omit<IncidentChange, 'id' | 'state'>): Record<string, string> {
  const { rule, type, sensor_id, severity, labels } = change;
  return { ...labels, alertname: rule, sensor: sensor_id, sensor_type: type, severity };
}

/**
 * What else is written in the transaction of a change, such as its notifications. A change may come again, with the same id and
 * state.
 */
export type ToChangeStatements = (changes: readonly IncidentChange[]) => readonly Statement[];
