import { type FocusEvent, type PointerEvent, type UIEvent, useEffect, useState } from 'react';

function isInBody(element: EventTarget | null): boolean {
  return element instanceof Element && element.closest('tbody') !== null;
}

/**
 * The table keeps its place while it is scrolled away from its top, the focus is in one of its rows, or the mouse points
 * at one: what is about to be clicked must not move away.
 */
export function useHold(question: string) {
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its top
  useEffect(() => {
    scroller?.scrollTo({ top: 0 });
  }, [scroller, question]);

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
      // Where another window takes the focus, the row still has it in this one.
      onBlur: ({ relatedTarget }: FocusEvent<HTMLElement>) =>
        setIsFocused(isInBody(relatedTarget) || isInBody(document.activeElement)),
    },
  };
}
