import { Icon } from '../../ui/icon.tsx';
import styles from '../../ui/panel.module.css';

interface PanelFallbackProps {
  title: string;
  query: { isFetching: boolean; error: Error | null; refetch: () => unknown };
  /** The skeleton bars; `arrangement` is the class that lays them out (default: stacked). */
  bones: { count: number; height: number; arrangement?: string | undefined };
}

/** Shown in place of a panel until its data is loaded: a skeleton or an error. */
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
            <Icon name="offline" /> <strong>{title} could not be loaded.</strong> {query.error.message}
          </p>
          <button type="button" onClick={() => query.refetch()} disabled={query.isFetching}>
            {query.isFetching ? 'Retrying…' : 'Retry'}
          </button>
        </div>
      )}
    </section>
  );
}
