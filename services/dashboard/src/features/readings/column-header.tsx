import { Icon } from '../../ui/icon.tsx';
import tableStyles from '../../ui/table.module.css';
import { isNumberColumn, type ReadingHeader, whyColumnId } from './columns.tsx';
import styles from './readings-panel.module.css';

const ariaSorts = { asc: 'ascending', desc: 'descending' } as const;
const sortIcons = { asc: 'ascending', desc: 'descending' } as const;

export function ColumnHeader({ header }: { header: ReadingHeader }) {
  const { column } = header;
  const title = String(column.columnDef.header);
  const sorted = column.getIsSorted();
  const isSortable = column.getCanSort();
  return (
    <th
      scope="col"
      data-number={isNumberColumn(column.id) || undefined}
      aria-sort={isSortable ? (sorted === false ? 'none' : ariaSorts[sorted]) : undefined}
    >
      {isSortable ? (
        <button
          type="button"
          className={tableStyles.sort}
          data-sorted={sorted !== false || undefined}
          onClick={() => column.toggleSorting()}
        >
          {title} <Icon name={sorted === false ? 'sortable' : sortIcons[sorted]} size={14} />
        </button>
      ) : (
        <span className={column.id === whyColumnId ? 'visually-hidden' : undefined}>{title}</span>
      )}
      {column.getCanResize() && <ResizeHandle header={header} />}
    </th>
  );
}

/** For the pointer only; the column menu sets widths by keyboard. */
function ResizeHandle({ header }: { header: ReadingHeader }) {
  const { column } = header;
  return (
    <span
      aria-hidden="true"
      className={styles.resizer}
      data-resizing={column.getIsResizing() || undefined}
      onMouseDown={header.getResizeHandler()}
      onTouchStart={header.getResizeHandler()}
      onDoubleClick={() => column.resetSize()}
    />
  );
}
