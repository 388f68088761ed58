import { type FocusEvent, type PointerEvent, type UIEvent, useEffect, useState } from 'react';

function isInRow(element: EventTarget | null): boolean {
  return element instanceof Element && element.closest('[data-row]') !== null;
}

/**
 * Holds the rows while they are scrolled down, or one of them has the focus or is under the mouse, so that a row does not
 * move just before it is clicked.
 */
export function useHold(contentKey: string) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [isScrolled, setIsScrolled] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const [isPointed, setIsPointed] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other content starts at the top
  useEffect(() => {
    scroller?.scrollTo({ top: 0 });
  }, [scroller, contentKey]);

  return {
    scroller,
    isHeld: isScrolled || isFocused || isPointed,
    release: () => {
      scroller?.scrollTo({ top: 0 });
      scroller?.focus({ preventScroll: true });
    },
    scrollerProps: {
      ref: setScroller,
      onScroll: ({ currentTarget }: UIEvent<HTMLElement>) => setIsScrolled(currentTarget.scrollTop > 0),
      onPointerOver: ({ target, pointerType }: PointerEvent<HTMLElement>) =>
        setIsPointed(pointerType === 'mouse' && isInRow(target)),
      onPointerLeave: () => setIsPointed(false),
      onFocus: ({ target }: FocusEvent<HTMLElement>) => setIsFocused(isInRow(target)),
      // If another window takes the focus, the row is still the active element of this one.
      onBlur: ({ relatedTarget }: FocusEvent<HTMLElement>) =>
        setIsFocused(isInRow(relatedTarget) || isInRow(document.activeElement)),
    },
  };
}
