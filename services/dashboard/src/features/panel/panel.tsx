import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import styles from '../../ui/panel.module.css';
import { toClockText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useZone } from '../url-state/url-state-context.ts';
import { type ShownQuery, useQueryFreshness } from './use-query-freshness.ts';

interface PanelProps {
  title: string;
  query: ShownQuery;
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled region that marks outdated data and data that is being replaced. */
export function Panel({ title, query, aside, children }: PanelProps) {
  const { staleSince, isReplacing } = useQueryFreshness(query);
  const zone = useZone();
  return (
    <section
      className={styles.panel}
      aria-label={title}
      aria-busy={isReplacing}
      data-stale={staleSince !== null || undefined}
      data-replacing={isReplacing || undefined}
    >
      <header className={styles.header}>
        <h2 className={styles.title}>{title}</h2>
        {staleSince !== null && (
          <span className={styles.stale} title={query.error?.message}>
            <Icon name="offline" size={14} /> Not updated since{' '}
            <Timestamp
              iso={new Date(staleSince).toISOString()}
              text={toClockText(new Date(staleSince), zone)}
            />
          </span>
        )}
        {aside !== undefined && <div className={styles.aside}>{aside}</div>}
      </header>
      <div className={styles.content}>{children}</div>
    </section>
  );
}
