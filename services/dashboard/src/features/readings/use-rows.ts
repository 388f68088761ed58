import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type KeyboardEvent, useEffect, useEffectEvent, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ReadingTable } from './columns.tsx';
import { useOpenReading } from './row-parts.tsx';
import { toRowText } from './row-text.ts';

interface RowsOptions {
  scroller: HTMLElement | null;
  /** The height of a row that has not been measured. */
  rowHeight: number;
  /** The height of the sticky header above the rows. */
  headHeight: number;
  notify: (message: string) => void;
}

const rowSteps: ReadonlyMap<string, number> = new Map([
  ['ArrowUp', -1],
  ['ArrowDown', 1],
  ['PageUp', -12],
  ['PageDown', 12],
  ['Home', Number.NEGATIVE_INFINITY],
  ['End', Number.POSITIVE_INFINITY],
]);

/**
 * The rows in the DOM, which are the visible ones and the focused one. They are a single tab stop: the arrow keys move
 * between rows, Enter opens the explanation, `y` and `n` press the feedback buttons, and the copy command copies the row.
 */
export function useRows(table: ReadingTable, { scroller, rowHeight, headHeight, notify }: RowsOptions) {
  const { rows } = table.getRowModel();
  const open = useOpenReading();
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const focusedIndex = rows.findIndex(({ id }) => id === focusedId);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
    paddingStart: headHeight,
    rangeExtractor: (range) => {
      const indexes = new Set(defaultRangeExtractor(range));
      if (focusedIndex >= 0) indexes.add(focusedIndex);
      return [...indexes].sort((a, b) => a - b);
    },
  });

  function focusRow(index: number) {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    // The row must be in the DOM before it can have the focus.
    flushSync(() => setFocusedId(row?.id ?? null));
    const element = scroller?.querySelector(`[data-row="${row?.id}"]`);
    element?.querySelector('button')?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const element = findRow(event.target);
    const row = rows.find(({ id }) => id === element?.dataset.row);
    if (element === null || row === undefined) return;
    const step = rowSteps.get(event.key);
    const pressed = [...element.querySelectorAll('button')].find(
      ({ ariaKeyShortcuts }) => ariaKeyShortcuts === event.key.toLowerCase(),
    );
    if (step !== undefined) focusRow(rows.indexOf(row) + step);
    else if (pressed !== undefined && !event.repeat) pressed.click();
    else if (event.key === 'Enter' && event.target === element) open(row.id);
    else return;
    event.preventDefault();
  }

  useRowCopy(table, notify);
  const top = virtualizer.scrollOffset ?? 0;
  const bottom = top + (virtualizer.scrollRect?.height ?? 0) - 1;
  const first = virtualizer.getVirtualItemForOffset(top + headHeight)?.index ?? 0;
  return {
    rows,
    virtualizer,
    /** Indexes of the rows that are not behind the header; `last` is inclusive. */
    inView: { first, last: virtualizer.getVirtualItemForOffset(bottom)?.index ?? -1 },
    tabStop: rows[focusedIndex >= 0 ? focusedIndex : first]?.id,
    rowsProps: {
      onKeyDown,
      onFocus: ({ target }: FocusEvent<HTMLElement>) => setFocusedId(findRow(target)?.dataset.row ?? null),
    },
  };
}

export type ShownRows = ReturnType<typeof useRows>;

function findRow(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
}

/** Makes the browser's copy command copy the row that has the focus, unless text is selected. */
function useRowCopy(table: ReadingTable, notify: (message: string) => void) {
  const onCopy = useEffectEvent((event: ClipboardEvent) => {
    const id = findRow(document.activeElement)?.dataset.row;
    const row = table.getRowModel().rows.find((candidate) => candidate.id === id);
    if (row === undefined || window.getSelection()?.isCollapsed === false) return;
    const columnIds = table.getVisibleLeafColumns().map((column) => column.id);
    event.clipboardData?.setData('text/plain', toRowText(row.original, columnIds));
    event.preventDefault();
    notify('Row copied');
  });
  useEffect(() => {
    const listen = (event: ClipboardEvent) => onCopy(event);
    document.addEventListener('copy', listen);
    return () => document.removeEventListener('copy', listen);
  }, []);
}
