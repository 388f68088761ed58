import type { ReactNode } from 'react';
import styles from './panel.module.css';

/** An empty state: a title and what the user can do about it. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{title}</p>
      <p>{children}</p>
    </div>
  );
}
