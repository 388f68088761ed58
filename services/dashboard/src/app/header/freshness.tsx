import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { useApiContact } from '../../features/alerts/use-api-contact.ts';
import { useNewReadings } from '../../features/readings/use-new-readings.ts';
import { useLiveStream } from '../../features/stream/live-provider.tsx';
import { toClockText, toShortText } from '../../features/time/format-time.ts';
import { Timestamp } from '../../features/time/timestamp.tsx';
import { goLive } from '../../features/url-state/time-transitions.ts';
import { useUrlState, useZone } from '../../features/url-state/url-state-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount } from '../../ui/format-number.ts';
import { useNow } from '../../ui/use-now.ts';
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

function LiveNotice() {
  const nowMs = useNow();
  const { answeredAt, lostSince } = useApiContact();
  const text = answeredAt === 0 ? 'Not updated yet' : `Updated ${formatDuration(nowMs - answeredAt)} ago`;
  return (
    <div className={styles.freshness} data-lost={lostSince !== null || undefined}>
      <span className={styles.dot} data-waiting={answeredAt === 0 || undefined} aria-hidden="true" />
      <span title={answeredAt === 0 ? undefined : new Date(answeredAt).toISOString()}>{text}</span>
      {lostSince === null && <StreamNote />}
    </div>
  );
}

/** Shown while readings are polled because the stream is down. */
function StreamNote() {
  const { status, since } = useLiveStream();
  const zone = useZone();
  if (status !== 'down') return <span role="status" />;
  const text = `polling every ${refreshIntervalMs / 1000} s, stream disconnected since ${toClockText(new Date(since), zone)}`;
  return <span role="status">{text}</span>;
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
