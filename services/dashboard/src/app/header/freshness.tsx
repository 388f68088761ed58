import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { useAlerts, useApiContact, useNewestAgeMs, usePresent } from '../../features/alerts/use-alerts.ts';
import { useNewReadings } from '../../features/readings/use-readings.ts';
import { useLiveStream } from '../../features/stream/live-provider.tsx';
import { toClockText } from '../../features/time/format-time.ts';
import { Timestamp } from '../../features/time/timestamp.tsx';
import { goLive } from '../../features/url-state/time-transitions.ts';
import { UrlLink } from '../../features/url-state/url-link.tsx';
import { useUrlState, useZone } from '../../features/url-state/url-state-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount } from '../../ui/format-number.ts';
import styles from './header.module.css';

export function Freshness() {
  const { state, push } = useUrlState();
  const { time } = state;
  if (time.mode === 'live') return <LiveNotice />;
  return (
    <div className={styles.freshness}>
      {time.mode === 'paused' ? (
        <span>
          <NewReadings pausedAt={time.pausedAt} />
        </span>
      ) : (
        <>
          <PresentChip />
          <span className={styles.past}>Past data, not updated</span>
        </>
      )}
      <button
        type="button"
        className={styles.primary}
        onClick={() => push((current) => ({ ...current, time: goLive(current.time) }))}
      >
        Resume live
      </button>
    </div>
  );
}

/** The present state beside a window of the past, with a link to live. */
function PresentChip() {
  const { tone, brief } = usePresent().view;
  return (
    <span className={styles.present} data-tone={tone}>
      <UrlLink to={(state) => ({ ...state, time: goLive(state.time) })}>{`now: ${brief}`}</UrlLink>
    </span>
  );
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
  const every = `${refreshIntervalMs / 1000} s`;
  return (
    <span role="status">
      {status === 'down' &&
        `no live connection since ${toClockText(new Date(since), zone)}, updated every ${every}`}
    </span>
  );
}

function NewReadings({ pausedAt }: { pausedAt: string }) {
  const { data, isError } = useNewReadings();
  const since = <Timestamp iso={pausedAt} isShort />;
  if (data === undefined || isError) return <>Paused at {since}</>;
  const { count, anomalies } = data;
  const note = anomalies === 0 ? '' : ` (${formatAmount(anomalies, 'anomaly')})`;
  return (
    <>
      {formatAmount(count, 'new reading')}
      {note} since {since}
    </>
  );
}
