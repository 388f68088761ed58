import type { Alerts } from '@sensor-sentinel/contracts';
import type { ReactNode } from 'react';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount } from '../../ui/format-number.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';
import { type AlertTone, type AlertView, toClockNote, toNotes } from './alert-view.ts';
import { FiringIncidents, toIncidentPage } from './firing-incidents.tsx';
import { LastIncident } from './last-incident.tsx';
import { LatestValues } from './latest-values.tsx';
import { usePresent } from './use-alerts.ts';

const pastView: AlertView = {
  ...{ tone: 'historical', headline: 'Past data', brief: 'past', subject: 'This is not the current state' },
};

/** The present state of the selected sensors: what fires, or else the last incident. */
export function AlertBox() {
  const { time } = useUrlState().state;
  const { view, alerts, isKnown } = usePresent();
  if (time.mode === 'historical') {
    return (
      <AlertFrame view={pastView}>
        <p className={styles.window}>
          <Timestamp iso={time.from} isShort /> to <Timestamp iso={time.to} isShort />
        </p>
      </AlertFrame>
    );
  }
  return (
    <AlertFrame view={view} isStale={view.tone === 'unknown'} alerts={isKnown ? alerts : undefined}>
      {isKnown && alerts !== undefined && alerts.incidents.firing > 0 && (
        <FiringIncidents incidents={alerts.incidents} />
      )}
      {alerts !== undefined && <LatestValues alerts={alerts} />}
    </AlertFrame>
  );
}

const icons: Record<AlertTone, IconName> = {
  incident: 'anomaly',
  acknowledged: 'anomaly',
  normal: 'check',
  anomaly: 'anomaly',
  silent: 'silent',
  unscored: 'waiting',
  empty: 'waiting',
  historical: 'history',
  unknown: 'offline',
  loading: 'waiting',
};

interface AlertFrameProps {
  view: AlertView;
  isStale?: boolean;
  /** The present state, to add notes. */
  alerts?: Alerts | undefined;
  children?: ReactNode;
}

function AlertFrame({ view, isStale = false, alerts, children }: AlertFrameProps) {
  const { tone, subject, since } = view;
  return (
    <section className={styles.box} aria-label="Alert" data-tone={tone} data-stale={isStale || undefined}>
      <Icon name={icons[tone]} size={34} />
      <div className={styles.words}>
        {/* Screen readers announce it, so it has nothing that changes every second. */}
        <div role="status" aria-atomic="true">
          <Headline view={view} />
          <p>
            {subject}
            {since && (
              <>
                {' · since '}
                <Timestamp iso={since} isShort />
              </>
            )}
          </p>
        </div>
        {alerts && <Notes alerts={alerts} />}
      </div>
      {children}
    </section>
  );
}

/** While all sensors are silent, counts the seconds; screen readers only get `view.headline`. */
function Headline({ view: { tone, headline, since } }: { view: AlertView }) {
  const nowMs = useApi().now();
  const silentMs = tone === 'silent' && since ? nowMs - Date.parse(since) : null;
  return (
    <h2 className={styles.headline}>
      <span className={silentMs === null ? undefined : 'visually-hidden'}>{headline}</span>
      {silentMs !== null && <span aria-hidden="true">{`No readings for ${formatDuration(silentMs)}`}</span>}
    </h2>
  );
}

function Notes({ alerts }: { alerts: Alerts }) {
  const { firing, elsewhere, last } = alerts.incidents;
  const clocks = toClockNote(alerts);
  return (
    <>
      {firing === 0 && alerts.state !== 'empty' && <LastIncident incident={last} />}
      {elsewhere > 0 && (
        <p>
          <UrlLink className={styles.link} to={toIncidentPage(null)}>
            {`${formatAmount(elsewhere, firing > 0 ? 'more incident' : 'incident')} on other sensors`}
          </UrlLink>
        </p>
      )}
      {[...toNotes(alerts), ...(clocks === null ? [] : [clocks])].map((note) => (
        <p key={note}>{note}</p>
      ))}
    </>
  );
}
