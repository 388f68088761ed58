import type { StoredReading } from '@sensor-sentinel/contracts';
import { sortColumns } from '@sensor-sentinel/contracts';
import { type Header, type SortingState, useTable } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { Icon } from '../../components/icon.tsx';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { isNumberColumn, readingColumns, readingTableFeatures } from './columns.tsx';
import { FilterRow } from './filter-row.tsx';
import styles from './readings-panel.module.css';
import { RowFocusContext, useRowFocus } from './use-row-focus.ts';

interface ReadingsTableProps {
  readings: StoredReading[];
  filterKey: number;
  /** In place of rows. */
  message: ReactNode;
}

type ReadingHeader = Header<typeof readingTableFeatures, StoredReading>;

export function ReadingsTable({ readings, filterKey, message }: ReadingsTableProps) {
  const { state, push } = useUrlState();
  const sorting: SortingState = [{ id: state.sort, desc: state.order === 'desc' }];
  const table = useTable({
    features: readingTableFeatures,
    columns: readingColumns,
    data: readings,
    getRowId: (reading) => reading.id,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: { sorting },
    onSortingChange: (updater) => {
      const [chosen] = typeof updater === 'function' ? updater(sorting) : updater;
      const sort = sortColumns.find((column) => column === chosen?.id);
      if (chosen === undefined || sort === undefined) return;
      push((current) => ({ ...current, sort, order: chosen.desc ? 'desc' : 'asc' }));
    },
  });

  const { rows } = table.getRowModel();
  const focus = useRowFocus(rows.map(({ id }) => id));

  return (
    <RowFocusContext value={focus.tabStop}>
      <table className={styles.table} aria-label="Readings">
        <thead>
          <tr>
            {table.getFlatHeaders().map((header) => (
              <ColumnHeader key={header.id} header={header} />
            ))}
          </tr>
          <FilterRow key={filterKey} />
        </thead>
        <tbody {...focus.bodyProps}>
          {rows.map((row) => (
            <tr key={row.id} data-anomaly={row.original.prediction === 1 || undefined}>
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  data-column={cell.column.id}
                  data-number={isNumberColumn(cell.column.id) || undefined}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
          {message !== null && (
            <tr>
              <td colSpan={readingColumns.length}>{message}</td>
            </tr>
          )}
        </tbody>
      </table>
    </RowFocusContext>
  );
}

const ariaSorts = { asc: 'ascending', desc: 'descending' } as const;
const sortIcons = { asc: 'ascending', desc: 'descending' } as const;

function ColumnHeader({ header }: { header: ReadingHeader }) {
  const { column } = header;
  const title = String(column.columnDef.header);
  const isNumber = isNumberColumn(column.id) || undefined;
  if (!column.getCanSort()) {
    return (
      <th scope="col" data-column={column.id} data-number={isNumber}>
        <span className={column.id === 'why' ? 'visually-hidden' : undefined}>{title}</span>
      </th>
    );
  }
  const sorted = column.getIsSorted();
  return (
    <th scope="col" data-number={isNumber} aria-sort={sorted === false ? 'none' : ariaSorts[sorted]}>
      <button
        type="button"
        className={styles.sortButton}
        data-sorted={sorted !== false || undefined}
        onClick={() => column.toggleSorting()}
      >
        {title} <Icon name={sorted === false ? 'sortable' : sortIcons[sorted]} size={14} />
      </button>
    </th>
  );
}
