import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { toIncidentTitle } from '../incidents/describe-incident.ts';
import { useFiringIncidents } from '../incidents/use-incidents.ts';
import { goLive } from '../url-state/time-transitions.ts';
import { UrlLink } from '../url-state/url-link.tsx';
import type { UrlState } from '../url-state/url-state.ts';
import styles from './alert-box.module.css';

/** The incidents that fire now, with a link to them. */
export function IncidentNote() {
  const { data, isError } = useFiringIncidents();
  const newest = data?.incidents[0];
  if (data === undefined || newest === undefined || isError) return null;
  const { firing, unacknowledged } = data.counts;
  const canAcknowledge = firing === 1 && unacknowledged === 1;
  const names = `${toIncidentTitle(newest)}${firing > 1 ? ` and ${formatCount(firing - 1)} more` : ''}`;
  const acknowledged = unacknowledged === 0 ? ', acknowledged' : '';
  return (
    <span className={styles.incidents}>
      {`${formatAmount(firing, 'incident')}: ${names}${acknowledged} · `}
      <UrlLink current={undefined} to={toAlerts(canAcknowledge ? newest.id : null)}>
        {canAcknowledge ? 'Acknowledge' : 'Show'}
        <span className="visually-hidden"> on the page Incidents</span>
      </UrlLink>
    </span>
  );
}

/** All of them, whatever time and sensors are selected, and the details of one. */
export function toAlerts(incident: string | null): (state: UrlState) => UrlState {
  return (state) => ({ ...state, view: 'alerts', sensors: [], incident, time: goLive(state.time) });
}
