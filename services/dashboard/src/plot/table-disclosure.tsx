import { useState } from 'react';
import { ScrollRegion } from '../components/scroll-region.tsx';
import styles from './table-disclosure.module.css';

interface TableDisclosureProps {
  title: string;
  columns: readonly string[];
  /** Made when the table is opened; the first cell of a row names it. */
  listRows: () => readonly (readonly string[])[];
}

/** A chart's figures for those who do not see it, or want to read them. */
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
                <tr key={name}>
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
