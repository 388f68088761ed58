import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { useAlerts, useApiContact, useNewestAgeMs } from '../../features/alerts/use-alerts.ts';
import { useNewReadings } from '../../features/readings/use-readings.ts';
import { useLiveStream } from '../../features/stream/live-provider.tsx';
import { toClockText, toShortText } from '../../features/time/format-time.ts';
import { Timestamp } from '../../features/time/timestamp.tsx';
import { goLive } from '../../features/url-state/time-transitions.ts';
import { useUrlState, useZone } from '../../features/url-state/url-state-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount } from '../../ui/format-number.ts';
import styles from './header.module.css';

export function Freshness() {
  const { time } = useUrlState().state;
  if (time.mode === 'paused') return <PausedNotice pausedAt={time.pausedAt} />;
  if (time.mode === 'historical') {
    return (
      <div className={styles.freshness}>
        <span>Not refreshed</span> <ResumeButton />
      </div>
    );
  }
  return <LiveNotice />;
}

/** The age of the newest reading, rather than of the last answer: a sender that stopped must not look live. */
function LiveNotice() {
  const { lostSince } = useApiContact();
  const ageMs = useNewestAgeMs();
  const isSilent = useAlerts().data?.state === 'silent';
  return (
    <div className={styles.freshness} data-lost={lostSince !== null || undefined}>
      <span
        className={styles.dot}
        data-waiting={ageMs === null || isSilent || undefined}
        aria-hidden="true"
      />
      <span>{ageMs === null ? 'No reading yet' : `Newest reading ${formatDuration(ageMs)} ago`}</span>
      {lostSince === null && <StreamNote />}
    </div>
  );
}

/** Shown while the live connection is down, but the API answers. */
function StreamNote() {
  const { status, since } = useLiveStream();
  const zone = useZone();
  if (status !== 'down') return <span role="status" />;
  const every = `${refreshIntervalMs / 1000} s`;
  return (
    <span role="status">
      no live connection since {toClockText(new Date(since), zone)}, updated every {every}
    </span>
  );
}

function PausedNotice({ pausedAt }: { pausedAt: string }) {
  const fresh = useNewReadings();
  const zone = useZone();
  const since = <Timestamp iso={pausedAt} text={toShortText(new Date(pausedAt), new Date(), zone)} />;
  if (fresh.data === undefined || fresh.isError) {
    return (
      <div className={styles.freshness}>
        <span>Paused at {since}</span> <ResumeButton />
      </div>
    );
  }
  const { count, anomalies } = fresh.data;
  const note = anomalies === 0 ? '' : ` (${formatAmount(anomalies, 'anomaly')})`;
  return (
    <div className={styles.freshness}>
      <span>
        {formatAmount(count, 'new reading')}
        {note} since {since}
      </span>
      <ResumeButton />
    </div>
  );
}

function ResumeButton() {
  const { push } = useUrlState();
  return (
    <button
      type="button"
      className={styles.primary}
      onClick={() => push((state) => ({ ...state, time: goLive(state.time) }))}
    >
      Resume live
    </button>
  );
}
