import { Fragment } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { toRem } from '../../ui/root-size.ts';
import tableStyles from '../../ui/table.module.css';
import type { ReadingColumn, ReadingTable } from './columns.tsx';
import { ColumnFilter } from './filters.tsx';
import styles from './readings-table.module.css';
import { useOpenReading } from './row-parts.tsx';
import type { ShownRows } from './use-rows.ts';

/** The same as in the style sheet. */
export const rowHeight = 34;
export const headHeight = 80;

interface ReadingsTableProps {
  table: ReadingTable;
  shown: ShownRows;
  /** The number of rows, loaded or not; -1 if unknown. */
  total: number;
}

/** Readings as rows of a table, with sorting and filters in its header. */
export function ReadingsTable({ table, shown: { rows, virtualizer, rowsProps }, total }: ReadingsTableProps) {
  const open = useOpenReading();
  const columns = table.getVisibleLeafColumns();
  const items = virtualizer.getVirtualItems();
  return (
    <table
      className={styles.table}
      style={{ minWidth: toRem(table.getTotalSize()) }}
      aria-label="Readings"
      aria-rowcount={total === -1 ? -1 : total + 2}
    >
      <colgroup>
        {columns.map((column) => (
          <col key={column.id} style={{ width: toRem(column.getSize()) }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <ColumnHeader key={column.id} column={column} />
          ))}
        </tr>
        <tr className={styles.filters}>
          {columns.map((column) => (
            <td key={column.id}>
              <ColumnFilter column={column} />
            </td>
          ))}
        </tr>
      </thead>
      <tbody {...rowsProps}>
        {items.map((item, position) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <Fragment key={row.id}>
              <Gap height={item.start - (items[position - 1]?.end ?? headHeight)} />
              <tr
                data-row={row.id}
                data-anomaly={row.original.prediction === 1 || undefined}
                // A click gives the row the focus, for its shortcuts.
                tabIndex={-1}
                // Rows 1 and 2 are the header.
                aria-rowindex={item.index + 3}
                onDoubleClick={() => open(row.id)}
              >
                {row.getVisibleCells().map((cell) => (
                  <td key={cell.id} data-number={isNumeric(cell.column) || undefined}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            </Fragment>
          );
        })}
        <Gap height={virtualizer.getTotalSize() - (items.at(-1)?.end ?? headHeight)} />
      </tbody>
    </table>
  );
}

const sortNames = { asc: 'ascending', desc: 'descending' } as const;

function ColumnHeader({ column }: { column: ReadingColumn }) {
  const title = String(column.columnDef.header);
  const sorted = column.getIsSorted();
  if (!column.getCanSort()) {
    return (
      <th scope="col">
        <span className={column.id === 'explanation' ? 'visually-hidden' : undefined}>{title}</span>
      </th>
    );
  }
  return (
    <th
      scope="col"
      data-number={isNumeric(column) || undefined}
      aria-sort={sorted === false ? 'none' : sortNames[sorted]}
    >
      <button
        type="button"
        className={tableStyles.sort}
        data-sorted={sorted !== false || undefined}
        onClick={column.getToggleSortingHandler()}
      >
        {title} <Icon name={sorted === false ? 'sortable' : sortNames[sorted]} size={14} />
      </button>
    </th>
  );
}

function isNumeric({ columnDef }: ReadingColumn): boolean {
  return columnDef.meta?.rangeTitle !== undefined;
}

/** Takes the space of rows that are not in the DOM. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row is not focusable
    <tr aria-hidden="true" className={styles.gap}>
      <td style={{ height }} />
    </tr>
  );
}
