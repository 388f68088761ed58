import type { ReactNode } from 'react';
import { formatUrlState } from '../url-state/format-url-state.ts';
import type { UrlState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

interface UrlLinkProps {
  to: (state: UrlState) => UrlState;
  /** How it is said to be where the viewer is already. */
  current: 'page' | 'true' | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/** A link to another state of the page. A click with a modifier key is the browser's: another tab or window. */
export function UrlLink({ to, current, className, children }: UrlLinkProps) {
  const { state, push } = useUrlState();
  return (
    <a
      className={className}
      href={`?${formatUrlState(to(state))}`}
      aria-current={current}
      onClick={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        push(to);
        window.scrollTo({ top: 0 });
      }}
    >
      {children}
    </a>
  );
}
