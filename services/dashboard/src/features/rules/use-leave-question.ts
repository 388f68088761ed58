import { useEffect, useRef } from 'react';

const question = 'Leave without saving? The changes of this rule will be lost.';
/** The parameters of the URL that name what is being edited. */
const identity = ['view', 'rule', 'new_rule', 'type'];

/**
 * Asks before unsaved changes are lost: by a link or the back button (in browsers with the Navigation API), or as the page is
 * closed. `allow` lets the next navigation pass.
 */
export function useLeaveQuestion(isDirty: boolean) {
  const isAllowed = useRef(false);
  useEffect(() => {
    if (!isDirty) return;
    const onNavigate = (event: NavigateEvent) => {
      const { sameDocument, url } = event.destination;
      const leaves = sameDocument && event.cancelable && toIdentity(url) !== toIdentity(location.href);
      if (leaves && !isAllowed.current && !window.confirm(question)) event.preventDefault();
    };
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.navigation?.addEventListener('navigate', onNavigate);
    window.addEventListener('beforeunload', onUnload);
    return () => {
      window.navigation?.removeEventListener('navigate', onNavigate);
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [isDirty]);
  return {
    allow: () => {
      isAllowed.current = true;
    },
  };
}

function toIdentity(url: string): string {
  const { searchParams } = new URL(url);
  return JSON.stringify(identity.map((name) => searchParams.get(name)));
}
