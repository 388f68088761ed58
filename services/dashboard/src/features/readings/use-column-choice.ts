import type { ColumnVisibilityState } from '@tanstack/react-table';
import { useState } from 'react';
import { z } from 'zod';

const storageKey = 'sensor-sentinel-columns';
const storedSchema = z.object({ visibility: z.record(z.string(), z.boolean()) });

export interface ColumnChoice {
  /** By column; other columns are as at first. */
  visibility: ColumnVisibilityState;
  change: (visibility: ColumnVisibilityState) => void;
}

/** Storage may be blocked; the choice then lasts until the page is closed. */
function loadVisibility(): ColumnVisibilityState {
  try {
    return storedSchema.parse(JSON.parse(window.localStorage.getItem(storageKey) ?? '')).visibility;
  } catch {
    return {};
  }
}

function saveVisibility(visibility: ColumnVisibilityState) {
  try {
    window.localStorage.setItem(storageKey, JSON.stringify({ visibility }));
  } catch {
    return;
  }
}

/** The visible columns, stored in the browser. */
export function useColumnChoice(): ColumnChoice {
  const [visibility, setVisibility] = useState(loadVisibility);
  return {
    visibility,
    change: (next) => {
      setVisibility(next);
      saveVisibility(next);
    },
  };
}
