import { featureValueOf, type Incident, type IncidentPeak } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatCount, formatScore } from '../../ui/format-number.ts';
import { describeUnusual } from '../explanation/explanation-sentences.ts';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { formatMeasured, toShownFeatures } from '../types/format-feature.ts';
import { UrlLink } from '../url-state/url-link.tsx';
import { useFeaturesOf, useUrlState } from '../url-state/url-state-context.ts';
import { toEndedAt, toIncidentTitle, toRemarks, zoomToIncident } from './describe-incident.ts';
import { IncidentActions } from './incident-actions.tsx';
import styles from './incidents.module.css';
import { IncidentState, SeverityLabel } from './incidents-table.tsx';
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
            <p role="alert" className={dialogStyles.fault}>
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
      <div className={dialogStyles.subject}>
        <p className={styles.why}>{summary}</p>
        {description !== '' && <p>{description}</p>}
      </div>
      <Facts
        facts={[
          { name: 'State', value: <IncidentState incident={incident} /> },
          { name: 'Severity', value: <SeverityLabel severity={severity} /> },
          { name: 'Began', value: <Timestamp iso={started_at} /> },
          ...(hasWaited ? [{ name: 'Active since', value: <Timestamp iso={opened_at} /> }] : []),
          ...(endedAt === null ? [] : [{ name: 'Ended', value: <Timestamp iso={endedAt} /> }]),
          { name: 'Readings', value: formatCount(readings) },
          { name: 'Anomalies', value: formatCount(anomalies) },
          { name: 'Highest score', value: formatScore(incident.peak_score) },
        ]}
      />
      <p>
        <UrlLink className={styles.show} current={undefined} to={zoomToIncident(incident, nowMs)}>
          Show charts of this time
        </UrlLink>
      </p>
    </>
  );
}

/** The reading with the highest score, and what was unusual about it. */
function PeakPart({ peak: { reading, explanation } }: { peak: IncidentPeak }) {
  const features = useFeaturesOf(reading.type);
  return (
    <section className={dialogStyles.part} aria-label="Most unusual reading">
      <h3>
        Most unusual reading{' '}
        <span className={dialogStyles.quiet}>
          <Timestamp iso={reading.timestamp} />
        </span>
      </h3>
      {explanation && (
        <div className={styles.reasons}>
          {describeUnusual(explanation, features).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      )}
      <Facts
        isDense
        facts={toShownFeatures(features, []).map((feature) => ({
          name: feature.title,
          value: formatMeasured(featureValueOf(reading, feature.name), feature),
        }))}
      />
    </section>
  );
}

function Remarks({ incident }: { incident: Incident }) {
  const remarks = toRemarks(incident);
  return (
    <section className={dialogStyles.part} aria-label="Comments">
      <h3>Comments</h3>
      {remarks.length === 0 && <p className={dialogStyles.quiet}>No comments yet.</p>}
      <ul className={styles.remarks}>
        {remarks.map(({ at, by, text }) => (
          <li key={`${at} ${text}`}>
            <span className={dialogStyles.quiet}>
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
