import type { Silence } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useZone } from '../url-state/url-state-context.ts';
import { describeSilence } from './describe-silence.ts';
import { SilenceForm } from './silence-form.tsx';
import styles from './silences.module.css';
import { useEndSilence, useSilences } from './use-silences.ts';

const stateTitles = { active: 'Active', pending: 'Planned', expired: 'Ended' } as const;
const shownExpired = 5;

/** The silences that last or are planned, and those that ended last; makes and ends them. */
export function SilencesPanel() {
  const query = useSilences();
  const [isMaking, setIsMaking] = useState(false);
  if (query.data === undefined)
    return <PanelFallback title="Silences" query={query} bones={{ count: 2, height: 36 }} />;
  const { silences } = query.data;
  const current = silences.filter(({ state }) => state !== 'expired');
  const expired = silences.filter(({ state }) => state === 'expired').slice(0, shownExpired);
  return (
    <Panel
      title="Silences"
      query={{ ...query, isHeld: true }}
      aside={
        <button type="button" aria-expanded={isMaking} onClick={() => setIsMaking(!isMaking)}>
          New silence
        </button>
      }
    >
      <p className={styles.meaning}>
        A silence stops notifications about matching incidents. The incidents are still recorded.
      </p>
      {isMaking && <SilenceForm onClose={() => setIsMaking(false)} />}
      {current.length === 0 && <p className={styles.meaning}>Nothing is silenced.</p>}
      <ul className={styles.list} aria-label="Silences">
        {[...current, ...expired].map((silence) => (
          <SilenceRow key={silence.id} silence={silence} />
        ))}
      </ul>
    </Panel>
  );
}

function SilenceRow({ silence }: { silence: Silence }) {
  const clock = { nowMs: useApi().now(), zone: useZone() };
  const end = useEndSilence();
  const text = describeSilence(silence, clock);
  return (
    <li data-state={silence.state}>
      <span className={styles.state}>{stateTitles[silence.state]}</span>
      <span className={styles.words}>{text}</span>
      {silence.state !== 'expired' && (
        <button
          type="button"
          aria-label={`End the silence: ${text}`}
          disabled={end.isPending}
          onClick={() => end.mutate(silence.id)}
        >
          End
        </button>
      )}
      {end.isError && <span role="alert">Not ended: {end.error.message}</span>}
    </li>
  );
}
