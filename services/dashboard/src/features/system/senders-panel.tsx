import type { Replay } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { describeLoad, describeLoop, toReplayProgress } from './replay-figures.ts';
import { SendersTable } from './senders-table.tsx';
import styles from './system.module.css';
import { useForgetReplay, useReplays } from './use-system.ts';

const title = 'Test senders';

/** The replays: runs of CSV files, with the senders that share each. */
export function SendersPanel() {
  const query = useReplays();
  const [chosen, setChosen] = useState<string | null>(null);
  if (query.data === undefined) {
    return <PanelFallback title={title} query={query} bones={{ count: 3, height: 60 }} />;
  }
  const { replays, as_of } = query.data;
  return (
    <Panel title={title} query={{ ...query, isHeld: true }}>
      {replays.length === 0 && (
        <Empty title="No replays yet">Start a sender with a CSV file to see its progress here.</Empty>
      )}
      {replays.map((replay) => (
        <ReplayPart
          key={replay.replay_id}
          replay={replay}
          asOf={as_of}
          onForget={() => setChosen(replay.name)}
        />
      ))}
      {chosen !== null && <ForgetDialog name={chosen} onClose={() => setChosen(null)} />}
    </Panel>
  );
}

interface ReplayPartProps {
  replay: Replay;
  /** Time of the response, by the clock of the API. */
  asOf: string;
  onForget: () => void;
}

const states: Readonly<Record<Replay['state'], { text: string; icon: IconName }>> = {
  running: { text: 'Running', icon: 'play' },
  idle: { text: 'No active sender', icon: 'pause' },
  finished: { text: 'Finished', icon: 'check' },
};

function ReplayPart({ replay, asOf, onForget }: ReplayPartProps) {
  const { text, icon } = states[replay.state];
  return (
    <section className={styles.replay} aria-label={replay.name}>
      <header className={styles.replayHeader}>
        <h3>{replay.name}</h3>
        <span className={styles.state} data-state={replay.state}>
          <Icon name={icon} size={14} /> {text}
        </span>
        <button type="button" onClick={onForget} aria-label={`Delete the replay ${replay.name}`}>
          Delete…
        </button>
      </header>
      <ProgressBar replay={replay} />
      <Facts
        isDense
        facts={[
          ...describeLoad(replay),
          { name: 'Stored', value: formatCount(replay.stored) },
          { name: 'of which duplicates', value: formatCount(replay.duplicates) },
          { name: 'Rejected', value: formatCount(replay.rejected) },
          { name: 'Unreadable rows', value: formatCount(replay.bad) },
          { name: 'Skipped', value: formatCount(replay.dropped) },
          { name: 'Taken over', value: formatCount(replay.taken_over) },
        ]}
      />
      <SendersTable name={replay.name} senders={replay.senders} asOf={asOf} />
    </section>
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

function ForgetDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const forget = useForgetReplay();
  return (
    <Dialog title={`Delete the replay ${name}?`} onClose={onClose}>
      <p>
        This deletes the progress of the replay and keeps its readings. Active senders lose their rows. The
        next sender starts the file from the beginning, so rows without an id of their own are stored twice.
      </p>
      {forget.isError && (
        <p role="alert" className={styles.fault}>
          The replay could not be deleted: {forget.error.message}
        </p>
      )}
      <div className={styles.actions}>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className={styles.danger}
          disabled={forget.isPending}
          onClick={() => forget.mutate(name, { onSuccess: onClose })}
        >
          Delete replay
        </button>
      </div>
    </Dialog>
  );
}
