import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

/** The focused or last focused place: the button of a row (column 0) or one of its cells. */
export interface RowPlace {
  rowId: string;
  column: number;
}

interface RowFocusOptions {
  body: RefObject<HTMLTableSectionElement | null>;
  rowIds: readonly string[];
  columns: number;
  /** Scrolls a row into view. */
  onReveal: (index: number) => void;
}

const pageRows = 12;

const rowSteps: ReadonlyMap<string, number> = new Map([
  ['ArrowUp', -1],
  ['ArrowDown', 1],
  ['PageUp', -pageRows],
  ['PageDown', pageRows],
  ['Home', Number.NEGATIVE_INFINITY],
  ['End', Number.POSITIVE_INFINITY],
]);
const columnSteps: ReadonlyMap<string, number> = new Map([
  ['ArrowLeft', -1],
  ['ArrowRight', 1],
]);

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}

export function findPlace(element: Element | null): RowPlace | null {
  const cell = element?.closest('td');
  const rowId = cell?.closest('tr')?.dataset.row;
  return cell == null || rowId === undefined ? null : { rowId, column: cell.cellIndex };
}

function findElement(body: HTMLElement, { rowId, column }: RowPlace): HTMLElement | null {
  const row = [...body.querySelectorAll<HTMLTableRowElement>('tr[data-row]')].find(
    ({ dataset }) => dataset.row === rowId,
  );
  const cell = row?.cells[column];
  return cell?.querySelector('button') ?? cell ?? null;
}

/** Makes the table body a single tab stop; the arrow keys move between rows and cells. */
export function useRowFocus({ body, rowIds, columns, onReveal }: RowFocusOptions) {
  const [place, setPlace] = useState<RowPlace | null>(null);
  const isMoving = useRef(false);

  useLayoutEffect(() => {
    if (!isMoving.current || place === null || body.current === null) return;
    const element = findElement(body.current, place);
    if (element === null) return;
    isMoving.current = false;
    element.focus({ preventScroll: true });
  });

  function move(from: RowPlace, { rows, along }: { rows: number; along: number }) {
    const index = clamp(rowIds.indexOf(from.rowId) + rows, rowIds.length - 1);
    const rowId = rowIds[index];
    if (rowId === undefined) return;
    isMoving.current = true;
    onReveal(index);
    setPlace({ rowId, column: clamp(from.column + along, columns - 1) });
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [rows = 0, along = 0] = [rowSteps.get(event.key), columnSteps.get(event.key)];
    const here = findPlace(document.activeElement);
    if (here === null || (rows === 0 && along === 0)) return;
    event.preventDefault();
    move(here, { rows, along });
  }

  function onFocus({ target }: FocusEvent<HTMLElement>) {
    const found = findPlace(target);
    if (found !== null) setPlace(found);
  }

  return { place, onKeyDown, onFocus };
}
