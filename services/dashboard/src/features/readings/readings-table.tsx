import { type StoredReading, toSortColumns } from '@sensor-sentinel/contracts';
import { type SortingState, useTable } from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { ColumnHeader } from './column-header.tsx';
import { createReadingColumns, minColumnWidth, type ReadingTable, readingTableFeatures } from './columns.tsx';
import { FilterRow } from './filter-row.tsx';
import styles from './readings-panel.module.css';
import { TableRows } from './table-rows.tsx';
import type { useColumnChoice } from './use-column-choice.ts';

export function useReadingTable(
  readings: StoredReading[],
  choice: ReturnType<typeof useColumnChoice>,
): ReadingTable {
  const { state, push } = useUrlState();
  const type = useSensorType();
  const columns = useMemo(() => createReadingColumns(type.features), [type]);
  const sorting: SortingState = [{ id: state.sort, desc: state.order === 'desc' }];
  return useTable({
    features: readingTableFeatures,
    columns,
    defaultColumn: { minSize: minColumnWidth },
    data: readings,
    getRowId: (reading) => reading.id,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    columnResizeMode: 'onChange',
    state: { sorting, columnVisibility: choice.visibility, columnSizing: choice.sizing },
    onColumnVisibilityChange: choice.onVisibilityChange,
    onColumnSizingChange: choice.onSizingChange,
    onSortingChange: (updater) => {
      const [chosen] = typeof updater === 'function' ? updater(sorting) : updater;
      const sort = toSortColumns(type).find((column) => column === chosen?.id);
      if (chosen === undefined || sort === undefined) return;
      push((current) => ({ ...current, sort, order: chosen.desc ? 'desc' : 'asc' }));
    },
  });
}

interface ReadingsTableProps {
  table: ReadingTable;
  scroller: HTMLElement | null;
  filterKey: number;
  /** The number of rows, loaded or not; null if unknown. */
  total: number | null;
  /** Shown in place of rows. */
  message: ReactNode;
  onCopied: (copied: string) => void;
  onNearEnd: () => void;
}

export function ReadingsTable({ table, scroller, filterKey, total, message, ...rows }: ReadingsTableProps) {
  const columns = table.getVisibleLeafColumns();
  return (
    <table
      className={styles.table}
      style={{ minWidth: table.getTotalSize() }}
      aria-label="Readings"
      aria-rowcount={total === null ? -1 : total + 2}
    >
      <colgroup>
        {columns.map((column) => (
          <col key={column.id} style={{ width: column.getSize() }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {table.getFlatHeaders().map((header) => (
            <ColumnHeader key={header.id} header={header} />
          ))}
        </tr>
        <FilterRow key={filterKey} columnIds={columns.map(({ id }) => id)} />
      </thead>
      {message === null && scroller !== null ? (
        <TableRows table={table} scroller={scroller} {...rows} />
      ) : (
        <tbody>
          <tr>
            <td colSpan={columns.length}>{message}</td>
          </tr>
        </tbody>
      )}
    </table>
  );
}
