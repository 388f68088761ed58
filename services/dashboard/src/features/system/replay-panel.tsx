import type { Replay } from '@sensor-sentinel/contracts';
import { Facts } from '../../ui/facts.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { describeLoad, describeLoop, toReplayProgress } from './replay-figures.ts';
import styles from './replays.module.css';
import { SendersTable } from './senders-table.tsx';

interface ReplayPanelProps {
  replay: Replay;
  asOf: string;
  query: ShownQuery;
  onForget: () => void;
}

const states: Readonly<Record<Replay['state'], { text: string; icon: IconName }>> = {
  running: { text: 'Running', icon: 'play' },
  idle: { text: 'Idle: no active sender', icon: 'pause' },
  finished: { text: 'Finished', icon: 'check' },
};

export function ReplayPanel({ replay, asOf, query, onForget }: ReplayPanelProps) {
  const { text, icon } = states[replay.state];
  return (
    <Panel
      title={replay.name}
      query={query}
      aside={
        <>
          <span className={styles.state} data-state={replay.state}>
            <Icon name={icon} size={14} /> {text}
          </span>
          <button type="button" onClick={onForget} aria-label={`Delete the replay ${replay.name}`}>
            Delete…
          </button>
        </>
      }
    >
      <div className={styles.replay}>
        <ProgressBar replay={replay} />
        <Facts
          isDense
          facts={[
            ...describeLoad(replay),
            { name: 'Stored', value: formatCount(replay.stored) },
            { name: 'of which duplicates', value: formatCount(replay.duplicates) },
            { name: 'Rejected', value: formatCount(replay.rejected) },
            { name: 'Malformed', value: formatCount(replay.bad) },
            { name: 'Dropped', value: formatCount(replay.dropped) },
            { name: 'Leases taken over', value: formatCount(replay.taken_over) },
          ]}
        />
        <SendersTable name={replay.name} senders={replay.senders} asOf={asOf} />
      </div>
    </Panel>
  );
}

function ProgressBar({ replay }: { replay: Replay }) {
  const { share, leftMs, text } = toReplayProgress(replay);
  return (
    <div className={styles.progress}>
      <p className={styles.words}>
        <strong>{text}</strong>
        <span>
          {describeLoop(replay)}
          {leftMs !== null && ` · about ${formatDuration(leftMs)} left`}
        </span>
      </p>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={`Progress of ${replay.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuetext={text}
      >
        {share !== null && <div data-state={replay.state} style={{ width: `${share * 100}%` }} />}
      </div>
      <p className={styles.quiet}>
        {replay.file_name}, started <Timestamp iso={replay.started_at} />
        {replay.finished_at !== null && (
          <>
            , finished <Timestamp iso={replay.finished_at} />
          </>
        )}
      </p>
    </div>
  );
}
