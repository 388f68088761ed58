import type { Incident } from '@sensor-sentinel/contracts';

/** The labels of an incident, as Alertmanagers get them and as silences match them. */
export function toAlertLabels(
  incident: Pick<Incident, 'labels' | 'rule' | 'sensor_id' | 'type' | 'severity'>,
): Record<string, string> {
  const { labels, rule, sensor_id, type, severity } = incident;
  return { ...labels, alertname: rule, sensor: sensor_id, sensor_type: type, severity };
}
