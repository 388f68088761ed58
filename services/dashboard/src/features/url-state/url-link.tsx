import type { ReactNode } from 'react';
import { formatUrlState } from './query-string.ts';
import type { UrlState } from './url-state.ts';
import { useUrlState } from './url-state-context.ts';

interface UrlLinkProps {
  to: (state: UrlState) => UrlState;
  /** The value of `aria-current`. */
  current?: 'page' | 'true' | undefined;
  className?: string | undefined;
  title?: string;
  /** Whether the tab key reaches the link. */
  isTabStop?: boolean;
  children: ReactNode;
}

/** A link to another URL state. Clicks with a modifier key are left to the browser, to open a tab or window. */
export function UrlLink({ to, current, className, title, isTabStop = true, children }: UrlLinkProps) {
  const { state, push } = useUrlState();
  return (
    <a
      className={className}
      title={title}
      tabIndex={isTabStop ? undefined : -1}
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
