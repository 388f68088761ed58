import type { Alerts } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';
import { AlertFrame } from './alert-frame.tsx';
import { type AlertView, toAlertView, toClockNote, toSilentNote } from './alert-view.ts';
import { IncidentNote } from './incident-note.tsx';
import { LatestValues } from './latest-values.tsx';
import { useAlerts } from './use-alerts.ts';
import { useApiContact } from './use-api-contact.ts';

const loadingView: AlertView = {
  tone: 'loading',
  headline: 'Loading current state',
  subject: 'Waiting for the API',
  since: null,
};

function toUnknownView(error: Error): AlertView {
  return { tone: 'unknown', headline: 'State unknown', subject: error.message, since: null };
}

export function AlertBox() {
  const { time } = useUrlState().state;
  const alerts = useAlerts();
  const contact = useApiContact();
  if (time.mode === 'historical') return <HistoricalAlert from={time.from} to={time.to} />;
  if (alerts.data === undefined) {
    return <AlertFrame view={alerts.error === null ? loadingView : toUnknownView(alerts.error)} />;
  }
  return <CurrentAlert alerts={alerts.data} lostSince={contact.lostSince} />;
}

function HistoricalAlert({ from, to }: { from: string; to: string }) {
  const now = new Date();
  const zone = useZone();
  return (
    <AlertFrame
      view={{
        tone: 'historical',
        headline: 'Historical data',
        subject: 'Not the current state',
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

function CurrentAlert({ alerts, lostSince }: { alerts: Alerts; lostSince: number | null }) {
  const { sensors } = useUrlState().state;
  const nowMs = useApi().now();
  const view = toAlertView(alerts);
  const silentForMs = view.since === null ? 0 : Math.max(0, nowMs - Date.parse(view.since));
  const liveHeadline =
    view.tone === 'silent' && view.since !== null
      ? `No readings for ${formatDuration(silentForMs)}`
      : undefined;
  return (
    <AlertFrame
      view={view}
      liveHeadline={liveHeadline}
      lostSince={lostSince}
      silentNote={toSilentNote(alerts)}
      clockNote={toClockNote(alerts)}
      incidentNote={<IncidentNote />}
    >
      <LatestValues alerts={alerts} sensors={sensors} />
    </AlertFrame>
  );
}
