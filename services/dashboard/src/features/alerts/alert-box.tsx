import type { Alerts } from '@sensor-sentinel/contracts';
import type { ReactNode } from 'react';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { toClockText, toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';
import {
  type AlertTone,
  type AlertView,
  toAlertView,
  toClockNote,
  toSilentNote,
  toUnknownView,
} from './alert-view.ts';
import { IncidentNote } from './incident-note.tsx';
import { LatestValues } from './latest-values.tsx';
import { useAlerts, useApiContact } from './use-alerts.ts';

const loadingView: AlertView = {
  tone: 'loading',
  headline: 'Loading current state',
  subject: 'Waiting for the API',
  since: null,
};

/** The present state of the selected sensors. */
export function AlertBox() {
  const { time } = useUrlState().state;
  const { data } = useAlerts();
  const { lostSince, reason } = useApiContact();
  const zone = useZone();
  if (time.mode === 'historical') return <HistoricalAlert from={time.from} to={time.to} />;
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

function HistoricalAlert({ from, to }: { from: string; to: string }) {
  const now = new Date();
  const zone = useZone();
  return (
    <AlertFrame
      view={{
        tone: 'historical',
        headline: 'Past data',
        subject: 'This is not the current state',
        since: null,
      }}
    >
      <p className={styles.window}>
        <Timestamp iso={from} text={toShortText(new Date(from), now, zone)} /> to{' '}
        <Timestamp iso={to} text={toShortText(new Date(to), now, zone)} />
      </p>
    </AlertFrame>
  );
}

function CurrentAlert({ alerts }: { alerts: Alerts }) {
  const { sensors } = useUrlState().state;
  const nowMs = useApi().now();
  const view = toAlertView(alerts, sensors.length > 0);
  const liveHeadline =
    view.tone === 'silent' && view.since !== null
      ? `No readings for ${formatDuration(Math.max(0, nowMs - Date.parse(view.since)))}`
      : undefined;
  return (
    <AlertFrame
      view={view}
      liveHeadline={liveHeadline}
      silentNote={toSilentNote(alerts)}
      clockNote={toClockNote(alerts)}
      incidentNote={<IncidentNote />}
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
  silentNote?: string | null;
  clockNote?: string | null;
  incidentNote?: ReactNode;
  children?: ReactNode;
}

function AlertFrame(props: AlertFrameProps) {
  const {
    view,
    liveHeadline,
    isStale = false,
    silentNote = null,
    clockNote = null,
    incidentNote,
    children,
  } = props;
  const { tone, headline, subject, since } = view;
  const zone = useZone();
  return (
    <section className={styles.box} aria-label="Alert" data-tone={tone} data-stale={isStale || undefined}>
      <Icon name={icons[tone]} size={34} />
      <div className={styles.words}>
        <div role="status" aria-atomic="true">
          <h2 className={styles.headline}>
            {liveHeadline === undefined ? (
              headline
            ) : (
              <>
                <span className="visually-hidden">{headline}</span>
                <span aria-hidden="true">{liveHeadline}</span>
              </>
            )}
          </h2>
          <p>
            {subject}
            {since !== null && ' since '}
            {since !== null && (
              <Timestamp iso={since} text={toShortText(new Date(since), new Date(), zone)} />
            )}
            {incidentNote}
          </p>
          <Note icon="silent" text={silentNote} />
        </div>
        {/* Outside the status region, because the offset may change slightly with every reading. */}
        <Note icon="waiting" text={clockNote} />
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
