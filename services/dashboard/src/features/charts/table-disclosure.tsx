import { useState } from 'react';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
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
        <ScrollRegion className={styles.scroller} label={`${title} as a table`}>
          <table aria-label={title}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {listRows().map(([name = '', ...cells]) => (
                <tr key={[name, ...cells].join()}>
                  <th scope="row">{name}</th>
                  {cells.map((cell, index) => (
                    <td key={columns[index + 1]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </details>
  );
}
