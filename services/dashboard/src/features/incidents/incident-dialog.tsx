import { featureValueOf, type Incident, type IncidentPeak } from '@sensor-sentinel/contracts';
import { Fragment } from 'react';
import { useApi } from '../../api/api-context.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatCount, formatScore } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { describeUnusual } from '../explanation/explanation-sentences.ts';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { formatMeasured, toShownFeatures } from '../types/format-feature.ts';
import { UrlLink } from '../url-state/url-link.tsx';
import { useFeaturesOf, useUrlState } from '../url-state/url-state-context.ts';
import { toEndedAt, toIncidentTitle, toRemarks, zoomToIncident } from './describe-incident.ts';
import { IncidentActions } from './incident-actions.tsx';
import { findNeighbors } from './incident-sections.ts';
import styles from './incidents.module.css';
import { IncidentState, SeverityLabel } from './incidents-table.tsx';
import { useIncident } from './use-incidents.ts';

interface IncidentDialogProps {
  id: string;
  /** Those of the list, in its order. */
  incidents: readonly Incident[];
}

export function IncidentDialog({ id, incidents }: IncidentDialogProps) {
  const { push } = useUrlState();
  const known = incidents.find((incident) => incident.id === id);
  const query = useIncident(id, known);
  const incident = query.data;
  return (
    <Dialog
      title={incident === undefined ? 'Incident' : toIncidentTitle(incident)}
      onClose={() => push((url) => ({ ...url, incident: null }))}
    >
      <Neighbors id={id} incidents={incidents} />
      {incident === undefined ? (
        <PanelFallback title="Incident" query={query} bones={{ count: 3, height: 60 }} />
      ) : (
        <Fragment key={id}>
          {query.isError && (
            <p role="alert" className={dialogStyles.fault}>
              Not updated: {query.error.message}
            </p>
          )}
          <IncidentFacts incident={incident} />
          {incident.peak && <PeakPart peak={incident.peak} />}
          <IncidentActions incident={incident} />
          <Remarks incident={incident} />
        </Fragment>
      )}
    </Dialog>
  );
}

/** Leads to the previous and the next incident of the list. */
function Neighbors({ id, incidents }: IncidentDialogProps) {
  const { replace } = useUrlState();
  const neighbors = findNeighbors(incidents, id);
  const toOpen = (target: string | undefined) => () => {
    if (target !== undefined) replace((url) => ({ ...url, incident: target }));
  };
  const [openPrevious, openNext] = [toOpen(neighbors?.previous), toOpen(neighbors?.next)];
  useKeys({ k: openPrevious, arrowleft: openPrevious, j: openNext, arrowright: openNext });
  if (neighbors === null) return null;
  // Not `disabled`, which would take the focus from the button that was pressed.
  return (
    <nav className={styles.neighbors} aria-label="Incidents of the list">
      <button
        type="button"
        aria-keyshortcuts="k"
        aria-disabled={neighbors.previous === undefined}
        title="Previous incident (key k)"
        onClick={openPrevious}
      >
        <Icon name="earlier" /> Previous
      </button>
      <span role="status">{`${formatCount(neighbors.place)} of ${formatCount(incidents.length)}`}</span>
      <button
        type="button"
        aria-keyshortcuts="j"
        aria-disabled={neighbors.next === undefined}
        title="Next incident (key j)"
        onClick={openNext}
      >
        Next <Icon name="later" />
      </button>
    </nav>
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
          { name: 'Readings since it began', value: formatCount(readings) },
          { name: 'Anomalies since it began', value: formatCount(anomalies) },
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
