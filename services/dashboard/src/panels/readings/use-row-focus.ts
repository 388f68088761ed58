import { createContext, type FocusEvent, type KeyboardEvent, useState } from 'react';

/** The id of the row whose button the tab key reaches. */
export const RowFocusContext = createContext<string | undefined>(undefined);

const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

/** One tab stop for the buttons of all rows, so that what is below the table is near; the arrow keys do the rest. */
export function useRowFocus(rowIds: readonly string[]) {
  const [visited, setVisited] = useState<string>();
  const tabStop = visited !== undefined && rowIds.includes(visited) ? visited : rowIds[0];

  function onFocus({ target }: FocusEvent<HTMLElement>) {
    setVisited(target.dataset.row);
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const step = steps[event.key];
    if (step === undefined) return;
    const buttons = [...event.currentTarget.querySelectorAll('[data-row]')];
    const here = document.activeElement === null ? -1 : buttons.indexOf(document.activeElement);
    if (here === -1) return;
    event.preventDefault();
    const next = buttons[here + step];
    if (next instanceof HTMLElement) next.focus();
  }

  return { tabStop, bodyProps: { onFocus, onKeyDown } };
}
