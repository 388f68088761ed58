import type { Incident } from '@sensor-sentinel/contracts';

/** The labels of an incident, as Alertmanagers get them and as silences match them. */
export function toAlertLabels({ labels, rule, sensor_id, type, severity }: Incident): Record<string, string> {
  return { ...labels, alertname: rule, sensor: sensor_id, sensor_type: type, severity };
}
