import type { ComponentProps } from 'react';

interface ScrollRegionProps extends ComponentProps<'section'> {
  label: string;
}

/** A region that scrolls its content, also by keyboard. */
export function ScrollRegion({ label, children, ...props }: ScrollRegionProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    <section {...props} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
