import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { FeedbackContext } from '../feedback/feedback-cell.tsx';
import { toFeedbackIds } from '../feedback/feedback-ids.ts';
import { useFeedback } from '../feedback/use-feedback.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { isNumberColumn, type ReadingRow, type ReadingTable, whyColumnId } from './columns.tsx';
import styles from './readings-panel.module.css';
import { useCopy } from './use-copy.ts';
import { useRowFocus } from './use-row-focus.ts';
import { TabStopContext } from './why-button.tsx';

/** The same as in the style sheet. */
export const rowHeight = 34;
export const headHeight = 80;

const noItem = { start: 0, end: 0, index: -1 };

interface TableRowsProps {
  table: ReadingTable;
  scroller: HTMLElement;
  onCopied: (copied: string) => void;
  /** Called when the last loaded rows are near. */
  onNearEnd: () => void;
}

/** Only the visible rows and the focused row are in the DOM. */
export function TableRows({ table, scroller, onCopied, onNearEnd }: TableRowsProps) {
  const { rows } = table.getRowModel();
  const columns = table.getVisibleLeafColumns();
  const body = useRef<HTMLTableSectionElement>(null);
  const rowIds = useMemo(() => rows.map(({ id }) => id), [rows]);
  const readings = useMemo(() => rows.map(({ original }) => original), [rows]);
  const [focusedIndex, setFocusedIndex] = useState(-1);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowIds[index] ?? index,
    overscan: 10,
    scrollPaddingEnd: headHeight,
    rangeExtractor: (range) => {
      const indexes = new Set(defaultRangeExtractor(range));
      if (focusedIndex >= 0 && focusedIndex < range.count) indexes.add(focusedIndex);
      return [...indexes].sort((a, b) => a - b);
    },
  });
  const { place, onKeyDown, onFocus } = useRowFocus({
    body,
    rowIds,
    columns: columns.length,
    onReveal: (index) => virtualizer.scrollToIndex(index),
  });
  const placeIndex = place === null ? -1 : rowIds.indexOf(place.rowId);
  // Set while rendering, so that the row exists before it is focused.
  if (placeIndex !== focusedIndex) setFocusedIndex(placeIndex);

  const items = virtualizer.getVirtualItems();
  const lastIndex = virtualizer.range?.endIndex ?? -1;
  useEffect(() => {
    if (lastIndex >= rows.length - 25) onNearEnd();
  }, [lastIndex, rows.length, onNearEnd]);

  const columnIds = useMemo(() => columns.map(({ id }) => id), [columns]);
  const copied = useCopy({ body, readings, columnIds, type: useSensorType() });
  useEffect(() => onCopied(copied), [copied, onCopied]);

  const feedback = useFeedback(toFeedbackIds(rowIds, virtualizer.range));
  const tabStop = placeIndex >= 0 ? rowIds[placeIndex] : rowIds[virtualizer.range?.startIndex ?? 0];

  return (
    <TabStopContext value={tabStop}>
      <FeedbackContext value={feedback.data ?? new Map()}>
        <tbody ref={body} onKeyDown={onKeyDown} onFocus={onFocus}>
          {items.map((item, position) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <Fragment key={row.id}>
                <Spacer before={item} after={items[position - 1]} />
                <TableRow table={table} row={row} index={item.index} />
              </Fragment>
            );
          })}
          <Spacer before={{ start: virtualizer.getTotalSize() }} after={items.at(-1)} />
        </tbody>
      </FeedbackContext>
    </TabStopContext>
  );
}

/** Takes the space of rows that are not in the DOM. */
function Spacer({
  before,
  after = noItem,
}: {
  before: Pick<VirtualItem, 'start'>;
  after?: Pick<VirtualItem, 'end'> | undefined;
}) {
  const height = before.start - after.end;
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row is not focusable
    <tr aria-hidden="true" className={styles.spacer}>
      <td style={{ height }} />
    </tr>
  );
}

function TableRow({ table, row, index }: { table: ReadingTable; row: ReadingRow; index: number }) {
  const { push } = useUrlState();
  return (
    <tr
      data-row={row.id}
      data-anomaly={row.original.prediction === 1 || undefined}
      // Rows 1 and 2 are the header.
      aria-rowindex={index + 3}
      onDoubleClick={() => push((state) => ({ ...state, reading: row.id }))}
      onKeyDown={({ key, target }) => {
        if (key !== 'Enter' || !(target instanceof HTMLTableCellElement)) return;
        push((state) => ({ ...state, reading: row.id }));
      }}
    >
      {row.getVisibleCells().map((cell) => (
        <td
          key={cell.id}
          tabIndex={cell.column.id === whyColumnId ? undefined : -1}
          data-number={isNumberColumn(cell.column.id) || undefined}
        >
          <table.FlexRender cell={cell} />
        </td>
      ))}
    </tr>
  );
}
