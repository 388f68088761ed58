import type { ReactNode } from 'react';
import styles from './panel.module.css';

/** Says that there is nothing to be shown, and below it what can be done about that. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{title}</p>
      <p>{children}</p>
    </div>
  );
}
