import { useEffect, useState } from 'react';

/** Holds what is shown while the pointer is down: a redraw would end the drag. */
export function useWhileDragging<Shown>(current: Shown) {
  const [held, setHeld] = useState<{ shown: Shown } | null>(null);

  useEffect(() => {
    if (held === null) return;
    // A turn later, so that the zoom at the end of the drag comes first.
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
