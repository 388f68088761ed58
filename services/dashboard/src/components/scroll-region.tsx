import type { ComponentProps } from 'react';

interface ScrollRegionProps extends ComponentProps<'section'> {
  label: string;
}

/** What may be wider or longer than its place, and scrolls in it: by keyboard too. */
export function ScrollRegion({ label, children, ...props }: ScrollRegionProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section {...props} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
