import type { ReactNode } from 'react';
import styles from './figures.module.css';

/** A table that may be wider than its panel. */
export function TableScroller({ title, children }: { title: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} aria-label={title} tabIndex={0}>
      {children}
    </section>
  );
}
