import type { Alerts } from '@sensor-sentinel/contracts';
import type { ReactNode } from 'react';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { toIncidentTitle } from '../incidents/describe-incident.ts';
import { useFiringIncidents } from '../incidents/use-incidents.ts';
import { toClockText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { goLive } from '../url-state/time-transitions.ts';
import { UrlLink } from '../url-state/url-link.tsx';
import type { UrlState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';
import {
  type AlertTone,
  type AlertView,
  toAlertView,
  toClockNote,
  toSilentNote,
  toUnknownView,
} from './alert-view.ts';
import { LatestValues } from './latest-values.tsx';
import { useAlerts, useApiContact } from './use-alerts.ts';

const loadingView = {
  tone: 'loading',
  headline: 'Loading current state',
  subject: 'Waiting for the API',
} as const;

const pastView = {
  tone: 'historical',
  headline: 'Past data',
  subject: 'This is not the current state',
} as const;

/** The present state of the selected sensors. */
export function AlertBox() {
  const { state, zone } = useUrlState();
  const { data } = useAlerts();
  const { lostSince, reason } = useApiContact();
  const { time } = state;
  if (time.mode === 'historical') {
    return (
      <AlertFrame view={pastView}>
        <p className={styles.window}>
          <Timestamp iso={time.from} isShort /> to <Timestamp iso={time.to} isShort />
        </p>
      </AlertFrame>
    );
  }
  if (lostSince !== null) {
    const knownAt = lostSince === 0 ? null : toClockText(new Date(lostSince), zone);
    return (
      <AlertFrame view={toUnknownView(reason, data, knownAt)} isStale>
        {data !== undefined && <LatestValues alerts={data} />}
      </AlertFrame>
    );
  }
  return data === undefined ? <AlertFrame view={loadingView} /> : <CurrentAlert alerts={data} />;
}

function CurrentAlert({ alerts }: { alerts: Alerts }) {
  const { sensors } = useUrlState().state;
  const nowMs = useApi().now();
  const view = toAlertView(alerts, sensors.length > 0);
  const silentMs = view.tone === 'silent' && view.since ? nowMs - Date.parse(view.since) : null;
  return (
    <AlertFrame
      view={view}
      liveHeadline={silentMs === null ? undefined : `No readings for ${formatDuration(silentMs)}`}
      alerts={alerts}
    >
      <LatestValues alerts={alerts} />
    </AlertFrame>
  );
}

const icons: Record<AlertTone, IconName> = {
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
  /** A headline that is updated every second; screen readers only get `view.headline`, so it is announced once. */
  liveHeadline?: string | undefined;
  isStale?: boolean;
  /** The present state, to add notes. */
  alerts?: Alerts;
  children?: ReactNode;
}

function AlertFrame({ view, liveHeadline, isStale = false, alerts, children }: AlertFrameProps) {
  const { tone, headline, subject, since } = view;
  return (
    <section className={styles.box} aria-label="Alert" data-tone={tone} data-stale={isStale || undefined}>
      <Icon name={icons[tone]} size={34} />
      <div className={styles.words}>
        <div role="status" aria-atomic="true">
          <h2 className={styles.headline}>
            <span className={liveHeadline && 'visually-hidden'}>{headline}</span>
            {liveHeadline && <span aria-hidden="true">{liveHeadline}</span>}
          </h2>
          <p>
            {subject}
            {since && (
              <>
                {' since '}
                <Timestamp iso={since} isShort />
              </>
            )}
            {alerts && <IncidentNote />}
          </p>
          {alerts && <Note icon="silent" text={toSilentNote(alerts)} />}
        </div>
        {/* Outside the status region, because the offset may change slightly with every reading. */}
        {alerts && <Note icon="waiting" text={toClockNote(alerts)} />}
      </div>
      {children}
    </section>
  );
}

function Note({ icon, text }: { icon: IconName; text: string | null }) {
  if (text === null) return null;
  return (
    <p className={styles.note}>
      <Icon name={icon} size={14} /> {text}
    </p>
  );
}

/** The incidents that fire now, with a link to them. */
function IncidentNote() {
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
      <UrlLink to={toAlerts(canAcknowledge ? newest.id : null)}>
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
