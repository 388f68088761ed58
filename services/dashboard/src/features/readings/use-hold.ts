import { type FocusEvent, type PointerEvent, type UIEvent, useEffect, useState } from 'react';

function isInBody(element: EventTarget | null): boolean {
  return element instanceof Element && element.closest('tbody') !== null;
}

/**
 * Holds the table while it is scrolled down, or one of its rows has the focus or is under the mouse, so that a row does
 * not move just before it is clicked.
 */
export function useHold(contentKey: string) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [isFocused, setIsFocused] = useState(false);
  const [isPointed, setIsPointed] = useState(false);
  const [view, setView] = useState({ scrollTop: 0, clientHeight: 0 });

  useEffect(() => {
    if (scroller === null) return;
    const observer = new ResizeObserver(() =>
      setView({ scrollTop: scroller.scrollTop, clientHeight: scroller.clientHeight }),
    );
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [scroller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other content starts at the top
  useEffect(() => {
    scroller?.scrollTo({ top: 0 });
  }, [scroller, contentKey]);

  return {
    scroller,
    view,
    isHeld: view.scrollTop > 0 || isFocused || isPointed,
    release: () => {
      scroller?.scrollTo({ top: 0 });
      scroller?.focus({ preventScroll: true });
    },
    scrollerProps: {
      ref: setScroller,
      onScroll: ({ currentTarget: { scrollTop, clientHeight } }: UIEvent<HTMLElement>) =>
        setView({ scrollTop, clientHeight }),
      onPointerOver: ({ target, pointerType }: PointerEvent<HTMLElement>) =>
        setIsPointed(pointerType === 'mouse' && isInBody(target)),
      onPointerLeave: () => setIsPointed(false),
      onFocus: ({ target }: FocusEvent<HTMLElement>) => setIsFocused(isInBody(target)),
      // If another window takes the focus, the row is still the active element of this one.
      onBlur: ({ relatedTarget }: FocusEvent<HTMLElement>) =>
        setIsFocused(isInBody(relatedTarget) || isInBody(document.activeElement)),
    },
  };
}
