import { useEffect, useState } from 'react';

/** Whether the page is visible, or was within the last `longestHiddenMs`. */
export function useVisible(longestHiddenMs: number): boolean {
  const [isVisible, setIsVisible] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function note() {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => setIsVisible(false), longestHiddenMs);
      else setIsVisible(true);
    }
    note();
    document.addEventListener('visibilitychange', note);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', note);
    };
  }, [longestHiddenMs]);
  return isVisible;
}
