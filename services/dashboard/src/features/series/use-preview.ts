import { useEffect, useEffectEvent, useState } from 'react';
import type { TimeWindow } from '../time/time-window.ts';

const settleMs = 250;

/** A window that is only drawn while the wheel turns; its data is fetched once, when the wheel rests. */
export function usePreview(onSettle: (window: TimeWindow) => void) {
  const [preview, setPreview] = useState<TimeWindow | null>(null);
  const settle = useEffectEvent(onSettle);
  useEffect(() => {
    if (preview === null) return;
    const timer = setTimeout(() => {
      settle(preview);
      setPreview(null);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [preview]);
  return { preview, setPreview };
}
