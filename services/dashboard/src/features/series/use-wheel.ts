import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';

interface WheelTurn {
  /** Pointer position as a share of the element's width, 0 to 1. */
  share: number;
  /** Pixels to the right and down. */
  x: number;
  y: number;
}

const pixelsPerLine = 16;

/**
 * Handles the wheel over an element instead of scrolling the page. While the page is being scrolled, it keeps scrolling
 * even if the element moves under a resting pointer.
 */
export function useWheel(element: RefObject<HTMLElement | null>, onTurn: (turn: WheelTurn) => void): void {
  const isPointed = useRef(false);
  const turn = useEffectEvent(onTurn);
  useEffect(() => {
    const turned = element.current;
    if (turned === null) return;
    const arrive = () => {
      isPointed.current = true;
    };
    const leave = () => {
      isPointed.current = false;
    };
    const wheel = (event: WheelEvent) => {
      if (!isPointed.current) return;
      event.preventDefault();
      const { left, width } = turned.getBoundingClientRect();
      const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerLine : 1;
      const isSideways = event.shiftKey && event.deltaX === 0;
      const [x, y] = isSideways ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      turn({ share: (event.clientX - left) / width, x: x * scale, y: y * scale });
    };
    turned.addEventListener('pointermove', arrive);
    turned.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('scroll', leave, { passive: true });
    return () => {
      turned.removeEventListener('pointermove', arrive);
      turned.removeEventListener('wheel', wheel);
      window.removeEventListener('scroll', leave);
    };
  }, [element]);
}
