import { useState } from 'react';
import { SimpleTable } from '../../ui/simple-table.tsx';
import styles from './table-disclosure.module.css';

interface TableDisclosureProps {
  title: string;
  columns: readonly string[];
  /** Called when the table is opened; the first cell of a row is its header. */
  listRows: () => readonly (readonly string[])[];
}

/** The data of a chart as a table, for screen readers and for reading values. */
export function TableDisclosure({ title, columns, listRows }: TableDisclosureProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className={styles.disclosure} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{title} as a table</summary>
      {isOpen && (
        <SimpleTable
          label={title}
          columns={columns.map((column, place) =>
            place === 0 ? { title: column } : { title: column, isNumber: true },
          )}
          rows={listRows().map((cells) => ({ key: cells.join(), cells }))}
        />
      )}
    </details>
  );
}
