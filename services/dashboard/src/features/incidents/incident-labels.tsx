import type { Incident, Severity } from '@sensor-sentinel/contracts';
import { Icon } from '../../ui/icon.tsx';
import { incidentLabels, toStateTitle } from './describe-incident.ts';
import styles from './incidents.module.css';

/** The state of an incident, and what a person says it was. */
export function IncidentState({ incident }: { incident: Incident }) {
  const { state, acknowledged, feedback } = incident;
  const isUrgent = state === 'firing' && acknowledged === null;
  return (
    <span className={styles.state} data-urgent={isUrgent || undefined}>
      <Icon name={state === 'firing' ? 'anomaly' : 'check'} />
      {toStateTitle(incident)}
      {feedback !== null && `, ${incidentLabels[feedback].toLowerCase()}`}
    </span>
  );
}

const severityTitles = { info: 'Info', warning: 'Warning', critical: 'Critical' } as const;

export function SeverityLabel({ severity }: { severity: Severity }) {
  return (
    <span className={styles.severity} data-severity={severity}>
      {severityTitles[severity]}
    </span>
  );
}
