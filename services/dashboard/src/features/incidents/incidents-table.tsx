import type { Incident, Severity } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { Icon } from '../../ui/icon.tsx';
import { isolateName } from '../../ui/isolate-name.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { toDateTimeText, toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import { describeState } from './describe-incident.ts';
import styles from './incidents.module.css';

/** What is active or was, where, since when and why. */
export function IncidentsTable({ incidents }: { incidents: readonly Incident[] }) {
  const zone = useZone();
  const now = new Date(useApi().now());
  return (
    <div className={styles.table}>
      <SimpleTable
        label="Incidents"
        columns={[{ title: 'Incident' }, { title: 'State' }, { title: 'Since' }]}
        rows={incidents.map((incident) => ({
          key: incident.id,
          isMarked: isUrgent(incident),
          cells: [
            <IncidentSubject key="subject" incident={incident} />,
            <IncidentState key="state" incident={incident} />,
            <Timestamp
              key="since"
              iso={incident.started_at}
              text={toShortText(new Date(incident.started_at), now, zone)}
            />,
          ],
        }))}
      />
    </div>
  );
}

/** Nobody has acknowledged it, and it still goes on. */
function isUrgent({ state, acknowledged }: Incident): boolean {
  return state === 'firing' && acknowledged === null;
}

function IncidentSubject({ incident }: { incident: Incident }) {
  const { zone, push } = useUrlState();
  const { id, rule, sensor_id, severity, started_at, summary } = incident;
  const which = `${isolateName(sensor_id)} from ${toDateTimeText(new Date(started_at), zone)}`;
  return (
    <>
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
    </>
  );
}

/** The state of an incident, how long it has lasted, and what a person says it was. */
export function IncidentState({ incident }: { incident: Incident }) {
  return (
    <span className={styles.state} data-urgent={isUrgent(incident) || undefined}>
      <Icon name={incident.state === 'firing' ? 'anomaly' : 'check'} />
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
