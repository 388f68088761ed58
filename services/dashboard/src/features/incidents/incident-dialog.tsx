import type { Incident } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatCount, formatScore } from '../../ui/format-number.ts';
import explanationStyles from '../explanation/explanation.module.css';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeLength, toEndedAt, toIncidentTitle, toRemarks } from './describe-incident.ts';
import { IncidentActions } from './incident-actions.tsx';
import { IncidentState, SeverityLabel } from './incident-labels.tsx';
import styles from './incidents.module.css';
import { PeakPart } from './peak-part.tsx';
import { useIncident } from './use-incidents.ts';

interface IncidentDialogProps {
  id: string;
  /** The incident, if the table has loaded it. */
  known: Incident | undefined;
}

export function IncidentDialog({ id, known }: IncidentDialogProps) {
  const { push } = useUrlState();
  const query = useIncident(id, known);
  const incident = query.data;
  return (
    <Dialog
      title={incident === undefined ? 'Incident' : toIncidentTitle(incident)}
      onClose={() => push((url) => ({ ...url, incident: null }))}
    >
      {incident === undefined ? (
        <PanelFallback title="Incident" query={query} bones={{ count: 3, height: 60 }} />
      ) : (
        <>
          {query.isError && (
            <p role="alert" className={explanationStyles.fault}>
              Not updated: {query.error.message}
            </p>
          )}
          <IncidentFacts incident={incident} />
          {incident.peak && <PeakPart peak={incident.peak} />}
          <IncidentActions incident={incident} />
          <Remarks incident={incident} />
        </>
      )}
    </Dialog>
  );
}

function IncidentFacts({ incident }: { incident: Incident }) {
  const nowMs = useApi().now();
  const { summary, description, severity, started_at, opened_at, readings, anomalies } = incident;
  const endedAt = toEndedAt(incident);
  const hasWaited = opened_at !== started_at;
  return (
    <>
      <div className={explanationStyles.subject}>
        <p>{summary}</p>
        {description !== '' && <p>{description}</p>}
      </div>
      <Facts
        facts={[
          { name: 'State', value: <IncidentState incident={incident} /> },
          { name: 'Severity', value: <SeverityLabel severity={severity} /> },
          { name: 'Length', value: describeLength(incident, nowMs) },
          { name: 'Started', value: <Timestamp iso={started_at} /> },
          ...(hasWaited ? [{ name: 'Firing since', value: <Timestamp iso={opened_at} /> }] : []),
          ...(endedAt === null ? [] : [{ name: 'Ended', value: <Timestamp iso={endedAt} /> }]),
          { name: 'Readings', value: formatCount(readings) },
          { name: 'Anomalies', value: formatCount(anomalies) },
          { name: 'Peak score', value: formatScore(incident.peak_score) },
        ]}
      />
    </>
  );
}

function Remarks({ incident }: { incident: Incident }) {
  const remarks = toRemarks(incident);
  return (
    <section className={explanationStyles.part} aria-label="Comments">
      <h3>Comments</h3>
      {remarks.length === 0 && <p className={explanationStyles.quiet}>No comments yet.</p>}
      <ul className={styles.remarks}>
        {remarks.map(({ at, by, text }) => (
          <li key={`${at} ${text}`}>
            <span className={explanationStyles.quiet}>
              <Timestamp iso={at} />
              {by !== 'anonymous' && (
                <>
                  , <bdi>{by}</bdi>
                </>
              )}
            </span>{' '}
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
