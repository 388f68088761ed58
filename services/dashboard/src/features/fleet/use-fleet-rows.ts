import type { Fleet, FleetSensor } from '@sensor-sentinel/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react';
import { findTextScale } from '../../ui/root-size.ts';
import { type ChosenPlace, findAt, type RowShapes, type Scale, toShapes, toX } from './fleet-cells.ts';
import { type Mark, moveCursor, useHeldOrder } from './fleet-cursor.ts';

/** A row in view. */
export interface FleetRow {
  /** Its place among all rows. */
  index: number;
  /** From the top of all rows, in pixels. */
  start: number;
  sensor: FleetSensor;
  shapes: RowShapes;
}

const usualRowHeight = 20;

interface Elements {
  scroller: HTMLElement | null;
  canvas: HTMLCanvasElement | null;
}

/** The rows in view, and how they are drawn. */
export function useFleetRows(
  fleet: Fleet,
  range: Pick<Scale, 'fromMs' | 'toMs'>,
  { scroller, canvas }: Elements,
) {
  const { sensors, hold, release } = useHeldOrder(fleet.sensors);
  const scale: Scale = { ...range, width: useWidth(canvas) };
  const rowHeight = Math.round(usualRowHeight * findTextScale());
  const virtualizer = useVirtualizer({
    count: sensors.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sensors[index]?.sensor_id ?? index,
    overscan: 4,
  });
  const rows = virtualizer.getVirtualItems().flatMap(({ index, start }): FleetRow[] => {
    const sensor = sensors[index];
    return sensor === undefined ? [] : [{ index, start, sensor, shapes: toShapes(fleet, sensor, scale) }];
  });
  return {
    ...{ sensors, hold, release, scale, rows, rowHeight, canvas },
    totalHeight: virtualizer.getTotalSize(),
    scrollTo: (row: number) => virtualizer.scrollToIndex(row),
  };
}

/** Also follows the panel, which grows with its neighbors. */
function useWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

export interface MarkedPlace extends ChosenPlace {
  row: FleetRow;
  timeMs: number;
  /** From the start of the row, in pixels. */
  x: number;
  /** Whether it is in the second half of the row. */
  isLate: boolean;
}

type View = ReturnType<typeof useFleetRows>;

/** The place at the pointer or of the keyboard cursor, and what moves it. */
export function useMark(fleet: Fleet, view: View, onOpen: (place: ChosenPlace) => void) {
  const { sensors, scale, rows, rowHeight, canvas } = view;
  const [mark, setMark] = useState<Mark | null>(null);
  const isCursor = mark?.isCursor === true;
  const marked = mark === null ? null : findMarked(mark, rows, scale);

  /** The row at the pointer, and the distance from its start, which is negative at the name. */
  function locate({ clientX, clientY }: MouseEvent) {
    const { left = 0, top = 0 } = canvas?.getBoundingClientRect() ?? {};
    return { row: rows[Math.floor((clientY - top) / rowHeight)], x: clientX - left };
  }

  /** Moves the cursor by a key; false if the key does not move it. */
  function move(key: { key: string; ctrlKey: boolean }): boolean {
    const moved = moveCursor(mark, key, { fleet, sensors, range: scale });
    if (moved === null) return false;
    setMark(moved.mark);
    view.scrollTo(moved.row);
    return true;
  }

  return {
    marked,
    isCursor,
    onKeyDown(event: KeyboardEvent) {
      if (event.key === 'Enter' && marked !== null) onOpen(marked);
      else if (!move(event)) return;
      event.preventDefault();
    },
    onFocus({ currentTarget }: FocusEvent) {
      view.hold('focus');
      if (currentTarget.matches(':focus-visible')) move({ key: 'End', ctrlKey: false });
    },
    onBlur() {
      view.release('focus');
      setMark(null);
    },
    onPointerEnter: () => view.hold('pointer'),
    onPointerMove(event: MouseEvent) {
      const { row, x } = locate(event);
      const timeMs = scale.fromMs + (x / scale.width) * (scale.toMs - scale.fromMs);
      setMark(
        row === undefined || x < 0 ? null : { sensor_id: row.sensor.sensor_id, timeMs, isCursor: false },
      );
    },
    onPointerLeave() {
      view.release('pointer');
      if (!isCursor) setMark(null);
    },
    onClick(event: MouseEvent) {
      const { row, x } = locate(event);
      if (row !== undefined) onOpen({ sensor: row.sensor, ...findAt(row.shapes, x) });
    },
  };
}

function findMarked(
  { sensor_id, timeMs }: Mark,
  rows: readonly FleetRow[],
  scale: Scale,
): MarkedPlace | null {
  const row = rows.find(({ sensor }) => sensor.sensor_id === sensor_id);
  if (row === undefined) return null;
  const x = toX(timeMs, scale);
  return { row, timeMs, x, isLate: x > scale.width / 2, sensor: row.sensor, ...findAt(row.shapes, x) };
}
