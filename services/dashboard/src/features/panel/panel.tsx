import type { ReactNode } from 'react';
import { staleAfterMs } from '../../api/refresh-policy.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from '../../ui/panel.module.css';
import { useNow } from '../../ui/use-now.ts';
import { toClockText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';

export interface ShownQuery {
  isError: boolean;
  error: Error | null;
  isPlaceholderData: boolean;
  dataUpdatedAt: number;
  /** Refreshing is paused on purpose, so the panel is not stale. */
  isHeld?: boolean;
}

interface PanelProps {
  title: string;
  query: ShownQuery;
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled region that marks outdated data and data that is being replaced. */
export function Panel({ title, query, aside, children }: PanelProps) {
  const { zone } = useUrlState();
  const isStale = useIsStale(query);
  const updatedAt = new Date(query.dataUpdatedAt);
  return (
    <section
      className={styles.panel}
      aria-label={title}
      aria-busy={query.isPlaceholderData}
      data-stale={isStale || undefined}
      data-replacing={query.isPlaceholderData || undefined}
    >
      <header className={styles.header}>
        <h2 className={styles.title}>{title}</h2>
        {isStale && (
          <span className={styles.stale} title={query.error?.message}>
            <Icon name="offline" size={14} /> Not updated since{' '}
            <Timestamp iso={updatedAt.toISOString()} text={toClockText(updatedAt, zone)} />
          </span>
        )}
        {aside !== undefined && <div className={styles.aside}>{aside}</div>}
      </header>
      <div className={styles.content}>{children}</div>
    </section>
  );
}

/** Whether the answer has not been refreshed in time, or refreshing failed. */
function useIsStale(query: ShownQuery): boolean {
  const nowMs = useNow();
  const follows = useUrlState().state.time.mode === 'live' && query.isHeld !== true;
  const isOverdue = follows && nowMs - query.dataUpdatedAt > staleAfterMs;
  return (query.isError || isOverdue) && !query.isPlaceholderData && query.dataUpdatedAt > 0;
}
