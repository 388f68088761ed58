import type { SensorType, StoredReading } from '@sensor-sentinel/contracts';
import { type RefObject, useEffect, useState } from 'react';
import { toCellText, toRowText } from './copy-text.ts';
import { findPlace } from './use-row-focus.ts';

interface CopyOptions {
  body: RefObject<HTMLTableSectionElement | null>;
  readings: readonly StoredReading[];
  columnIds: readonly string[];
  type: SensorType;
}

function isTextSelected(): boolean {
  return window.getSelection()?.isCollapsed === false;
}

/** Makes the browser's copy command copy the focused cell or row; returns a message about what was copied. */
export function useCopy({ body, readings, columnIds, type }: CopyOptions): string {
  const [copied, setCopied] = useState('');
  useEffect(() => {
    function onCopy(event: ClipboardEvent) {
      const focused = document.activeElement;
      if (isTextSelected() || !body.current?.contains(focused)) return;
      const place = findPlace(focused);
      const reading = readings.find(({ id }) => id === place?.rowId);
      if (place === null || reading === undefined) return;
      const cellText = toCellText({ reading, type }, columnIds[place.column] ?? '');
      event.clipboardData?.setData('text/plain', cellText ?? toRowText({ reading, type }, columnIds));
      event.preventDefault();
      setCopied(cellText === null ? 'Row copied' : 'Cell copied');
    }
    document.addEventListener('copy', onCopy);
    return () => document.removeEventListener('copy', onCopy);
  }, [body, readings, columnIds, type]);
  useEffect(() => {
    if (copied === '') return;
    const timer = setTimeout(() => setCopied(''), 4000);
    return () => clearTimeout(timer);
  }, [copied]);
  return copied;
}
