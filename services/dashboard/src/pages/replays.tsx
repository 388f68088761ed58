import { useState } from 'react';
import { Panel } from '../features/panel/panel.tsx';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import { ForgetDialog } from '../features/system/forget-dialog.tsx';
import { ReplayPanel } from '../features/system/replay-panel.tsx';
import styles from '../features/system/replays.module.css';
import { useReplays } from '../features/system/use-replays.ts';

/** The progress of each replay and the state of its senders. */
export function ReplaysView() {
  const query = useReplays();
  const [chosen, setChosen] = useState<string | null>(null);
  if (query.data === undefined) {
    return (
      <div className={styles.grid}>
        <PanelFallback title="Replays" query={query} bones={{ count: 3, height: 90 }} />
      </div>
    );
  }
  const { replays, as_of } = query.data;
  return (
    <div className={styles.grid}>
      {replays.length === 0 && (
        <Panel title="Replays" query={{ ...query, isHeld: true }}>
          <p className={styles.none}>
            No shared replays yet. Start a sender with a replay name to see it here.
          </p>
        </Panel>
      )}
      {replays.map((replay) => (
        <ReplayPanel
          key={replay.replay_id}
          replay={replay}
          asOf={as_of}
          query={{ ...query, isHeld: true }}
          onForget={() => setChosen(replay.name)}
        />
      ))}
      {chosen !== null && <ForgetDialog name={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}
