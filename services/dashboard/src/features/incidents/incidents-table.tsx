import type { Incident, Severity } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { Icon } from '../../ui/icon.tsx';
import { isolateName } from '../../ui/isolate-name.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { toDateTimeText, toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeState } from './describe-incident.ts';
import styles from './incidents.module.css';

/** What is active or was, where, since when and why. */
export function IncidentsTable({ incidents }: { incidents: readonly Incident[] }) {
  return (
    <ScrollRegion className={tableStyles.scroller} label="Incidents table">
      <table className={`${tableStyles.table} ${styles.table}`} aria-label="Incidents">
        <thead>
          <tr>
            <th scope="col">Incident</th>
            <th scope="col">State</th>
            <th scope="col" className={styles.wide}>
              Since
            </th>
          </tr>
        </thead>
        <tbody>
          {incidents.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function IncidentRow({ incident }: { incident: Incident }) {
  const { zone, push } = useUrlState();
  const nowMs = useApi().now();
  const { id, rule, sensor_id, state, acknowledged, severity, started_at, summary } = incident;
  const started = new Date(started_at);
  const which = `${isolateName(sensor_id)} from ${toDateTimeText(started, zone)}`;
  return (
    <tr className={styles.row} data-state={acknowledged === null ? state : 'acknowledged'}>
      <th scope="row" className={styles.incident}>
        <button
          type="button"
          className={styles.open}
          aria-haspopup="dialog"
          onClick={() => push((url) => ({ ...url, incident: id }))}
        >
          {rule}
          <span className="visually-hidden">{` (details of the incident of ${which})`}</span>
        </button>{' '}
        · <bdi>{sensor_id}</bdi> · <SeverityLabel severity={severity} />
        <p className={styles.summary}>{summary}</p>
      </th>
      <td className={styles.stateCell}>
        <IncidentState incident={incident} />
      </td>
      <td className={styles.wide}>
        <Timestamp iso={started_at} text={toShortText(started, new Date(nowMs), zone)} />
      </td>
    </tr>
  );
}

/** The state of an incident, how long it has lasted, and what a person says it was. */
export function IncidentState({ incident }: { incident: Incident }) {
  const { state, acknowledged } = incident;
  const isUrgent = state === 'firing' && acknowledged === null;
  return (
    <span className={styles.state} data-urgent={isUrgent || undefined}>
      <Icon name={state === 'firing' ? 'anomaly' : 'check'} />
      {describeState(incident, useApi().now())}
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
