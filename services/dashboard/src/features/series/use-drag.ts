import { type PointerEvent, useRef, useState } from 'react';

interface DragOptions {
  /** Called with the selected part of the width, 0 to 1. */
  onSelect: (from: number, to: number) => void;
  onClick: (share: number) => void;
  onHover: (share: number | null) => void;
}

interface Selection {
  from: number;
  to: number;
}

/** A shorter drag is a click. */
const shortestPixels = 5;

function toShare({ currentTarget, clientX }: PointerEvent): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return Math.min(1, Math.max(0, (clientX - left) / width));
}

/** Selects a range by dragging horizontally; `cancel` discards it. */
export function useDrag({ onSelect, onClick, onHover }: DragOptions) {
  const [selection, setSelection] = useState<Selection | null>(null);
  const seenX = useRef<number | null>(null);

  function isWide({ from, to }: Selection, { currentTarget }: PointerEvent): boolean {
    return Math.abs(to - from) * currentTarget.getBoundingClientRect().width >= shortestPixels;
  }

  return {
    selection:
      selection === null
        ? null
        : { from: Math.min(selection.from, selection.to), to: Math.max(selection.from, selection.to) },
    cancel: () => setSelection(null),
    pointerProps: {
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const share = toShare(event);
        setSelection({ from: share, to: share });
      },
      onPointerMove(event: PointerEvent) {
        // Browsers also fire this event when content moves under a resting pointer, such as the crosshair moved by keyboard.
        if (seenX.current === event.clientX) return;
        seenX.current = event.clientX;
        const share = toShare(event);
        onHover(share);
        if (selection !== null) setSelection({ ...selection, to: share });
      },
      onPointerUp(event: PointerEvent) {
        if (selection === null) return;
        const chosen = { ...selection, to: toShare(event) };
        setSelection(null);
        if (isWide(chosen, event))
          onSelect(Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to));
        else onClick(chosen.to);
      },
      onPointerCancel: () => setSelection(null),
      onPointerLeave() {
        seenX.current = null;
        onHover(null);
      },
    },
  };
}
