import type { ColumnSizingState, ColumnVisibilityState, Updater } from '@tanstack/react-table';
import { useState } from 'react';
import { z } from 'zod';

const storageKey = 'sensor-sentinel-columns';

const choiceSchema = z.object({
  visibility: z.record(z.string(), z.boolean()),
  sizing: z.record(z.string(), z.number().min(40).max(2000)),
});
type ColumnChoice = z.infer<typeof choiceSchema>;

/** The model column is hidden, because the explanation of a reading also names the model. */
const defaultChoice: ColumnChoice = { visibility: { model: false }, sizing: {} };

/** Storage may be blocked; the choice then lasts until the page is closed. */
function loadChoice(): ColumnChoice {
  try {
    return choiceSchema.parse(JSON.parse(window.localStorage.getItem(storageKey) ?? ''));
  } catch {
    return defaultChoice;
  }
}

function saveChoice(choice: ColumnChoice) {
  try {
    window.localStorage.setItem(storageKey, JSON.stringify(choice));
  } catch {
    return;
  }
}

function update<Value>(updater: Updater<Value>, value: Value): Value {
  return updater instanceof Function ? updater(value) : updater;
}

/** The visible columns and their widths, stored in the browser. */
export function useColumnChoice() {
  const [choice, setChoice] = useState(loadChoice);

  function change(to: (current: ColumnChoice) => ColumnChoice) {
    setChoice((current) => {
      const next = to(current);
      saveChoice(next);
      return next;
    });
  }

  return {
    ...choice,
    onVisibilityChange: (updater: Updater<ColumnVisibilityState>) =>
      change((current) => ({ ...current, visibility: update(updater, current.visibility) })),
    onSizingChange: (updater: Updater<ColumnSizingState>) =>
      change((current) => ({ ...current, sizing: update(updater, current.sizing) })),
    reset: () => change(() => defaultChoice),
  };
}
