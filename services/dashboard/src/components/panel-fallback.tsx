import { Icon } from './icon.tsx';
import styles from './panel.module.css';

interface PanelFallbackProps {
  title: string;
  query: { isPending: boolean; isFetching: boolean; error: Error | null; refetch: () => unknown };
  /** How much room the content will take; `arrangement`: the class that lays them out, one below the other without. */
  bones: { count: number; height: number; arrangement?: string | undefined };
}

/** What a panel shows before it has ever had an answer: a skeleton, or what is wrong. */
export function PanelFallback({ title, query, bones }: PanelFallbackProps) {
  return (
    <section className={styles.panel} aria-label={title} aria-busy={query.error === null}>
      <h2 className={styles.title}>{title}</h2>
      {query.error === null ? (
        <div className={styles.skeleton}>
          <span className="visually-hidden">Loading</span>
          <div className={bones.arrangement ?? styles.bones}>
            {Array.from({ length: bones.count }, (_, bone) => `bone-${bone}`).map((key) => (
              <div key={key} className={styles.bone} style={{ height: bones.height }} />
            ))}
          </div>
        </div>
      ) : (
        <div className={styles.message}>
          <p>
            <Icon name="offline" /> <strong>{title} cannot be shown.</strong> {query.error.message}
          </p>
          <button type="button" onClick={() => query.refetch()} disabled={query.isFetching}>
            {query.isFetching ? 'Trying…' : 'Retry'}
          </button>
        </div>
      )}
    </section>
  );
}
