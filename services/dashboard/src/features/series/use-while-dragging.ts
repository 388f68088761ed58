import { useEffect, useState } from 'react';

/** Freezes the data while the pointer is down, because a redraw would end the drag. */
export function useWhileDragging<Shown>(current: Shown) {
  const [held, setHeld] = useState<{ shown: Shown } | null>(null);

  useEffect(() => {
    if (held === null) return;
    // Deferred, so that the zoom at the end of the drag is applied first.
    const release = () => setTimeout(() => setHeld(null));
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', release);
    window.addEventListener('blur', release);
    return () => {
      window.removeEventListener('pointerup', release);
      window.removeEventListener('pointercancel', release);
      window.removeEventListener('blur', release);
    };
  }, [held]);

  return {
    shown: held === null ? current : held.shown,
    dragProps: { onPointerDown: () => setHeld({ shown: current }) },
  };
}
