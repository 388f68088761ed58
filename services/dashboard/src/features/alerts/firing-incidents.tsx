import type { Incident, IncidentSummary } from '@sensor-sentinel/contracts';
import { useRef, useState } from 'react';
import { formatCount } from '../../ui/format-number.ts';
import { describeCause } from '../explanation/explanation-sentences.ts';
import { toIncidentTitle } from '../incidents/describe-incident.ts';
import { useIncidentChange } from '../incidents/use-incidents.ts';
import { ofIncident, SilenceButton } from '../silences/silence-button.tsx';
import { useSilences } from '../silences/use-silences.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { goLive } from '../url-state/time-transitions.ts';
import { UrlLink } from '../url-state/url-link.tsx';
import type { UrlState } from '../url-state/url-state.ts';
import { useFeaturesOf } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';

const shownIncidents = 3;

/**
 * The most urgent incidents that fire. While the pointer or the focus is among them, they keep their places: a click must not
 * acknowledge one that has just moved there.
 */
export function FiringIncidents({ incidents: { firing, newest } }: { incidents: IncidentSummary }) {
  const [held, setHeld] = useState<readonly Incident[] | null>(null);
  useSilences();
  const shown = (held ?? newest).slice(0, shownIncidents);
  const hold = () => setHeld((before) => before ?? newest);
  const more = firing - shown.length;
  return (
    <section
      className={styles.firing}
      aria-label="Firing incidents"
      onPointerEnter={hold}
      onPointerLeave={({ currentTarget }) => currentTarget.contains(document.activeElement) || setHeld(null)}
      onFocus={hold}
      onBlur={({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || setHeld(null)}
    >
      <ul>
        {shown.map((before) => {
          const incident = newest.find(({ id }) => id === before.id);
          return (
            <FiringIncident key={before.id} incident={incident ?? before} isOver={incident === undefined} />
          );
        })}
      </ul>
      {more > 0 && (
        <UrlLink className={styles.link} to={toIncidentPage(null)}>
          {`and ${formatCount(more)} more`}
          <span className="visually-hidden"> on the page Incidents</span>
        </UrlLink>
      )}
    </section>
  );
}

interface FiringIncidentProps {
  incident: Incident;
  /** It does not fire any more, or others are more urgent now. */
  isOver?: boolean;
}

/** A line about an incident that fires: where, since when and why, and what to do about it. */
function FiringIncident({ incident, isOver = false }: FiringIncidentProps) {
  const { id, rule, sensor_id, started_at, type, summary, cause, acknowledged } = incident;
  const features = useFeaturesOf(type);
  const change = useIncidentChange(id);
  const line = useRef<HTMLLIElement>(null);

  function acknowledge() {
    // The button will be gone, and the focus with it.
    const onSuccess = () => line.current?.querySelector('a')?.focus();
    if (!change.isPending) change.mutate({ action: 'ack', comment: '' }, { onSuccess });
  }

  const title = <span className="visually-hidden">{` ${toIncidentTitle(incident)}`}</span>;
  return (
    <li ref={line} data-over={isOver || undefined}>
      <div>
        <strong>
          <bdi>{rule}</bdi>, <bdi>{sensor_id}</bdi>
        </strong>
        {' since '}
        <Timestamp iso={started_at} isShort />
        {acknowledged && `, acknowledged${acknowledged.by === 'anonymous' ? '' : ` by ${acknowledged.by}`}`}
        <p>{summary}</p>
        {cause && <p>{describeCause(cause, features)}</p>}
        {change.isError && <p role="alert">Not acknowledged: {change.error.message}</p>}
      </div>
      <div className={styles.buttons}>
        {acknowledged === null && !isOver && (
          <button type="button" onClick={acknowledge}>
            Acknowledge{title}
          </button>
        )}
        <UrlLink to={toIncidentPage(id)}>Show{title}</UrlLink>
        <SilenceButton subject={ofIncident(incident)} />
      </div>
    </li>
  );
}

/** The page Incidents with all of them, whatever time and sensors are selected, and the details of one. */
export function toIncidentPage(incident: string | null): (state: UrlState) => UrlState {
  return (state) => ({ ...state, view: 'alerts', sensors: [], incident, time: goLive(state.time) });
}
