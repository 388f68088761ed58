import type { Incident } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { formatCount, formatScore } from '../../ui/format-number.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { toDateTimeText, toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeLength } from './describe-incident.ts';
import { IncidentState, SeverityLabel } from './incident-labels.tsx';
import styles from './incidents.module.css';
import { zoomToIncident } from './zoom-to-incident.ts';

export function IncidentsTable({ incidents }: { incidents: readonly Incident[] }) {
  return (
    <ScrollRegion className={tableStyles.scroller} label="Incidents table">
      <table className={`${tableStyles.table} ${styles.table}`} aria-label="Incidents">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Rule</th>
            <th scope="col">Sensor</th>
            <th scope="col" data-from="middle">
              Severity
            </th>
            <th scope="col" data-from="middle">
              Started
            </th>
            <th scope="col">Length</th>
            {['Readings', 'Anomalies', 'Peak score'].map((title) => (
              <th key={title} scope="col" data-number data-from="middle">
                {title}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">Charts</span>
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
  const { id, rule, sensor_id, state, acknowledged, severity, started_at } = incident;
  const started = new Date(started_at);
  const which = `the incident of ${isolateName(sensor_id)} from ${toDateTimeText(started, zone)}`;
  return (
    <tr className={styles.row} data-state={acknowledged === null ? state : 'acknowledged'}>
      <td>
        <IncidentState incident={incident} />
      </td>
      <th scope="row" className={styles.ruleCell}>
        <button
          type="button"
          className={styles.open}
          aria-haspopup="dialog"
          onClick={() => push((url) => ({ ...url, incident: id }))}
        >
          {rule}
          <span className="visually-hidden">{` (details of ${which})`}</span>
        </button>
      </th>
      <td className={styles.sensorCell}>{sensor_id}</td>
      <td data-from="middle">
        <SeverityLabel severity={severity} />
      </td>
      <td data-from="middle">
        <Timestamp iso={started_at} text={toShortText(started, new Date(nowMs), zone)} />
      </td>
      <td>{describeLength(incident, nowMs)}</td>
      <td data-number data-from="middle">
        {formatCount(incident.readings)}
      </td>
      <td data-number data-from="middle">
        {formatCount(incident.anomalies)}
      </td>
      <td data-number data-from="middle">
        {formatScore(incident.peak_score)}
      </td>
      <td>
        <UrlLink className={styles.show} current={undefined} to={zoomToIncident(incident, nowMs)}>
          Show
          <span className="visually-hidden">{` ${which} in the charts`}</span>
        </UrlLink>
      </td>
    </tr>
  );
}
