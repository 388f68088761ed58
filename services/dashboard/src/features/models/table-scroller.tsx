import type { ReactNode } from 'react';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import styles from './figures.module.css';

/** Scrolls a table that is wider than its panel. */
export function TableScroller({ title, children }: { title: string; children: ReactNode }) {
  return (
    <ScrollRegion className={`${tableStyles.scroller} ${styles.scroller}`} label={title}>
      {children}
    </ScrollRegion>
  );
}
