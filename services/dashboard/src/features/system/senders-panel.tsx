import type { Replay } from '@sensor-sentinel/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { DeletionDialog } from '../../ui/deletion-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { describeLoop, toReplayProgress } from './replay-progress.ts';
import styles from './system.module.css';

const title = 'Test senders';
const replaysKey = ['replays'];

/** The replays: runs of CSV files, with the senders that share each. */
export function SendersPanel() {
  const api = useApi();
  const query = useQuery({
    queryKey: replaysKey,
    queryFn: ({ signal }) => api.getReplays(signal),
    refetchInterval: refreshIntervalMs,
  });
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
  const { name, state, senders, load } = replay;
  const { text, icon } = states[state];
  return (
    <section className={styles.replay} aria-label={name}>
      <header className={styles.replayHeader}>
        <h3>{name}</h3>
        <span className={styles.state} data-state={state}>
          <Icon name={icon} size={14} /> {text}
        </span>
        <button type="button" onClick={onForget} aria-label={`Delete the replay ${name}`}>
          Delete…
        </button>
      </header>
      <ReplayProgress replay={replay} />
      <Facts
        isDense
        facts={[
          { name: 'Accepted per second', value: formatRate(load?.accepted_per_second, ' rows') },
          { name: 'Median answer', value: formatRate(load?.p50_ms, ' ms') },
          { name: 'Slowest 1 %', value: formatRate(load?.p99_ms, ' ms') },
          { name: 'Stored', value: formatCount(replay.stored) },
          { name: 'of which duplicates', value: formatCount(replay.duplicates) },
          { name: 'Rejected', value: formatCount(replay.rejected) },
          { name: 'Unreadable rows', value: formatCount(replay.bad) },
          { name: 'Skipped', value: formatCount(replay.dropped) },
          { name: 'Taken over from other senders', value: formatCount(replay.taken_over) },
        ]}
      />
      <SimpleTable
        label={`Senders of ${name}`}
        columns={senderColumns}
        rows={senders.map((sender) => ({ key: sender.sender, cells: toSenderCells(sender, asOf) }))}
      />
    </section>
  );
}

function ReplayProgress({ replay }: { replay: Replay }) {
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

const wide = { isNumber: true, isWide: true };

const senderColumns: readonly SimpleColumn[] = [
  { title: 'Sender' },
  { title: 'State' },
  { title: 'Rows', isNumber: true, meaning: 'Rows of the file that this sender has completed' },
  { title: 'Share', ...wide, meaning: 'Share of the completed rows of all senders' },
  { title: 'Sent per second', ...wide, meaning: 'Rows per second that were sent, each counted once' },
  { title: 'Accepted per second', isNumber: true, meaning: 'Rows per second that the API has stored' },
  { title: 'Refused (busy)', ...wide, meaning: 'Requests that the API was too busy for, sent again later' },
  { title: 'Median (ms)', ...wide, meaning: 'Half of the answers took longer' },
  { title: 'Slowest 1 % (ms)', ...wide, meaning: 'One answer of a hundred took longer' },
  { title: 'Last seen', isWide: true },
];

function toSenderCells(
  { sender, state, rows, share, load, last_seen }: Replay['senders'][number],
  asOf: string,
) {
  const ago = formatDuration(Date.parse(asOf) - Date.parse(last_seen));
  return [
    sender,
    <span key="state" className={styles.state} data-state={state}>
      <Icon name={state === 'active' ? 'play' : 'silent'} size={14} />{' '}
      {state === 'active' ? 'Active' : 'Inactive'}
    </span>,
    formatCount(rows),
    share == null ? '–' : formatPercent(share),
    formatRate(load?.offered_per_second),
    formatRate(load?.accepted_per_second),
    load === null ? '–' : formatCount(load.shed),
    formatRate(load?.p50_ms),
    formatRate(load?.p99_ms),
    <Timestamp key="seen" iso={last_seen} text={`${ago} ago`} />,
  ];
}

/** A dash where the load is unknown. */
function formatRate(value: number | null | undefined, unit = ''): string {
  return value == null ? '–' : `${formatDecimal(value)}${unit}`;
}

function ForgetDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const forget = useMutation({
    networkMode: 'always',
    mutationFn: () => api.forgetReplay(name),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: replaysKey }),
  });
  return (
    <DeletionDialog
      title={`Delete the replay ${name}?`}
      what="replay"
      deletion={forget}
      onDelete={() => forget.mutate()}
      onClose={onClose}
    >
      This deletes the progress of the replay and keeps its readings. Active senders lose their rows. The next
      sender starts the file from the beginning, so rows without an id of their own are stored twice.
    </DeletionDialog>
  );
}
