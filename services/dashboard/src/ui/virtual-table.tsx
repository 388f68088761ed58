import {
  columnSizingFeature,
  createSortedRowModel,
  type Header,
  metaHelper,
  type ReactTable,
  type RowData,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useState } from 'react';
import { Icon } from './icon.tsx';
import { toRem } from './root-size.ts';
import { ScrollRegion } from './scroll-region.tsx';
import tableStyles from './table.module.css';
import styles from './virtual-table.module.css';

interface ColumnMeta {
  isNumber?: boolean;
  /** Shown in windows of this width; by default in all. */
  from?: 'small' | 'wide';
  /** In pixels, in small windows; by default, the width that is left. */
  smallSize?: number;
  /** What the column means, as a tooltip. */
  meaning?: string;
}

/** The features of a table that `VirtualTable` shows. */
export const virtualTableFeatures = tableFeatures({
  rowSortingFeature,
  columnSizingFeature,
  sortedRowModel: createSortedRowModel(),
  columnMeta: metaHelper<ColumnMeta>(),
});

type Features = typeof virtualTableFeatures;

/** All rows have the same height, on which the virtualizer relies. */
const rowHeights = { compact: 34, tall: 48 };
/** Called again for more when this many loaded rows remain below the view. */
const nearEnd = 30;

interface VirtualTableProps<Data extends RowData> {
  table: ReactTable<Features, Data>;
  label: string;
  /** The number of rows, loaded or not. */
  total: number;
  /** A compact table has rows of one line, and takes less of the page. */
  isCompact?: boolean;
  /** The value of `data-state` of a row, for its style. */
  toState?: (row: Data) => string;
  onNearEnd?: () => void;
}

/** A table that scrolls, with a fixed header. Only the visible rows are in the DOM. The first column has the row headers. */
export function VirtualTable<Data extends RowData>(props: VirtualTableProps<Data>) {
  const { table, label, total, isCompact = false, toState, onNearEnd } = props;
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const { rows } = table.getRowModel();
  const rowHeight = rowHeights[isCompact ? 'compact' : 'tall'];
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (lastIndex >= rows.length - nearEnd) onNearEnd?.();
  }, [lastIndex, rows.length, onNearEnd]);
  return (
    <ScrollRegion
      ref={setScroller}
      className={styles.scroller}
      data-compact={isCompact || undefined}
      label={`${label} table`}
    >
      <table
        className={styles.table}
        style={toWidth(table.getTotalSize())}
        aria-label={label}
        aria-rowcount={total + 1}
      >
        <colgroup>
          {table.getAllLeafColumns().map((column) => {
            const { from, smallSize } = column.columnDef.meta ?? {};
            return <col key={column.id} data-from={from} style={toWidth(column.getSize(), smallSize)} />;
          })}
        </colgroup>
        <thead>
          <tr>
            {table.getFlatHeaders().map((header) => (
              <ColumnHeader key={header.id} header={header} />
            ))}
          </tr>
        </thead>
        <Spacer height={items[0]?.start ?? 0} />
        <tbody>
          {items.map(({ index, key }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={key}
                className={styles.row}
                style={{ height: rowHeight }}
                aria-rowindex={index + 2}
                data-state={toState?.(row.original)}
              >
                {row.getAllCells().map((cell, place) => {
                  const Cell = place === 0 ? 'th' : 'td';
                  return (
                    <Cell key={cell.id} scope={place === 0 ? 'row' : undefined} {...toAttributes(cell)}>
                      <table.FlexRender cell={cell} />
                    </Cell>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
        <Spacer height={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} />
      </table>
    </ScrollRegion>
  );
}

function toAttributes<Data extends RowData>({ column }: Pick<Header<Features, Data>, 'column'>) {
  const { isNumber, from } = column.columnDef.meta ?? {};
  return { 'data-number': isNumber || undefined, 'data-from': from };
}

function toWidth(size: number, smallSize?: number): CSSProperties {
  const small = smallSize === undefined ? 'auto' : toRem(smallSize);
  return { '--size': toRem(size), '--small-size': small } as CSSProperties; // its type has no custom properties
}

/** Takes the space of the rows that are not in the DOM. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr>
        <td className={styles.spacer} style={{ height }} />
      </tr>
    </tbody>
  );
}

const ariaSorts = { asc: 'ascending', desc: 'descending' } as const;

function ColumnHeader<Data extends RowData>({ header }: { header: Header<Features, Data> }) {
  const { column } = header;
  const title = String(column.columnDef.header);
  const sorted = column.getIsSorted();
  const sort = sorted === false ? undefined : ariaSorts[sorted];
  return (
    <th
      scope="col"
      title={column.columnDef.meta?.meaning ?? title}
      {...toAttributes(header)}
      aria-sort={column.getCanSort() ? (sort ?? 'none') : undefined}
    >
      {column.getCanSort() ? (
        <button
          type="button"
          className={`${tableStyles.sort} ${styles.sort}`}
          data-sorted={sort !== undefined || undefined}
          onClick={column.getToggleSortingHandler()}
        >
          {title} <Icon name={sort ?? 'sortable'} size={14} />
        </button>
      ) : (
        title
      )}
    </th>
  );
}
