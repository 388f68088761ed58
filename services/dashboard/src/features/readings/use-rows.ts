import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type UIEvent,
  useEffect,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import { useUrlState } from '../url-state/url-state-context.ts';
import type { ReadingTable } from './columns.tsx';
import { useOpenReading } from './row-parts.tsx';

/**
 * Holds the rows while they are scrolled down, or one of them has the focus or is under the mouse, so that a row does not
 * move just before it is clicked.
 */
export function useHold(contentKey: string) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [isScrolled, setIsScrolled] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const [isPointed, setIsPointed] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other content starts at the top
  useEffect(() => {
    scroller?.scrollTo({ top: 0 });
  }, [scroller, contentKey]);

  return {
    scroller,
    isHeld: isScrolled || isFocused || isPointed,
    release: () => {
      scroller?.scrollTo({ top: 0 });
      scroller?.focus({ preventScroll: true });
    },
    scrollerProps: {
      ref: setScroller,
      onScroll: ({ currentTarget }: UIEvent<HTMLElement>) => setIsScrolled(currentTarget.scrollTop > 0),
      onPointerOver: ({ target, pointerType }: PointerEvent<HTMLElement>) =>
        setIsPointed(pointerType === 'mouse' && findRow(target) !== null),
      onPointerLeave: () => setIsPointed(false),
      onFocus: ({ target }: FocusEvent<HTMLElement>) => setIsFocused(findRow(target) !== null),
      // If another window takes the focus, the row is still the active element of this one.
      onBlur: ({ relatedTarget }: FocusEvent<HTMLElement>) =>
        setIsFocused(findRow(relatedTarget) !== null || findRow(document.activeElement) !== null),
    },
  };
}

interface RowsOptions {
  scroller: HTMLElement | null;
  /** The height of a row that has not been measured. */
  rowHeight: number;
  /** The height of the sticky header above the rows. */
  headHeight: number;
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
 * between rows, Enter opens the explanation, and `y` and `n` press the feedback buttons.
 */
export function useRows(table: ReadingTable, { scroller, rowHeight, headHeight }: RowsOptions) {
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

  useFocusReturn(scroller);

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

/** Focuses the row whose explanation was closed, if the button that opened it has been replaced meanwhile. */
function useFocusReturn(scroller: HTMLElement | null) {
  const { reading } = useUrlState().state;
  const opened = useRef<string | null>(null);
  useEffect(() => {
    const closed = opened.current;
    opened.current = reading;
    if (reading !== null || closed === null) return;
    // The dialog gives the focus back before the next frame.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return;
      const row = scroller?.querySelector(`[data-row="${closed}"]`);
      row?.querySelector('button')?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [reading, scroller]);
}

export type ShownRows = ReturnType<typeof useRows>;

function findRow(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
}
