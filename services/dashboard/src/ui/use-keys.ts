import { useEffect, useEffectEvent } from 'react';

/** Elements that handle keys themselves, also above a dialog. */
const takesKeys = 'input, textarea, select, .react-aria-Popover';

/** Actions of a dialog by single keys, named as `KeyboardEvent.key` in lower case. Not while a person types. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const key = event.key.toLowerCase();
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey;
    const isElsewhere = event.target instanceof Element && event.target.closest(takesKeys) !== null;
    if (hasModifier || isElsewhere || event.repeat || !Object.hasOwn(actions, key)) return;
    actions[key]?.();
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
