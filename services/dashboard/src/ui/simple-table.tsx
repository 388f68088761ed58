import type { ReactNode } from 'react';
import { ScrollRegion } from './scroll-region.tsx';
import styles from './table.module.css';

export interface SimpleColumn {
  title: string;
  isNumber?: boolean;
  /** Shown only in wide windows. */
  isWide?: boolean;
  /** What the column means, as a tooltip. */
  meaning?: string;
}

interface SimpleRow {
  key: string;
  /** One per column; the first one is the header of the row. */
  cells: readonly ReactNode[];
  /** Stands out among the others. */
  isMarked?: boolean;
}

interface SimpleTableProps {
  label: string;
  columns: readonly SimpleColumn[];
  rows: readonly SimpleRow[];
}

/** A table of few rows, in a region that scrolls if the table is wider. */
export function SimpleTable({ label, columns, rows }: SimpleTableProps) {
  const attributes = columns.map(({ isNumber, isWide }) => ({
    'data-number': isNumber || undefined,
    'data-from': isWide === true ? 'wide' : undefined,
  }));
  return (
    <ScrollRegion className={styles.scroller} label={`${label} table`}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, meaning }, place) => (
              <th key={title} scope="col" title={meaning} {...attributes[place]}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, isMarked }) => (
            <tr key={key} data-marked={isMarked === true || undefined}>
              {columns.map(({ title }, place) => {
                const Cell = place === 0 ? 'th' : 'td';
                return (
                  <Cell key={title} scope={place === 0 ? 'row' : undefined} {...attributes[place]}>
                    {cells[place]}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
