import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { loadStored, store } from '../../ui/stored-choice.ts';

/** Why the browser shows no notifications. */
export type Refusal = 'insecure' | 'unsupported' | 'denied' | 'dismissed';

interface NotificationChoice {
  /** Chosen, and permitted by the browser. */
  isOn: boolean;
  /** Why it could not be turned on; null if nobody tried. */
  refusal: Refusal | null;
  /** Turning it on asks for permission, so call it on a click. */
  choose: (isOn: boolean) => Promise<void>;
  refuse: (refusal: Refusal) => void;
}

const ChoiceContext = createContext<NotificationChoice | null>(null);
const storageKey = 'sensor-sentinel-notifications';

const loadChoice = () => loadStored(storageKey) === 'on';

function isPermitted(): boolean {
  return 'Notification' in window && Notification.permission === 'granted';
}

/** @returns null if notifications are permitted */
async function findRefusal(): Promise<Refusal | null> {
  if (!window.isSecureContext) return 'insecure';
  if (!('Notification' in window)) return 'unsupported';
  const permission = await Notification.requestPermission();
  if (permission === 'granted') return null;
  return permission === 'denied' ? 'denied' : 'dismissed';
}

/** Whether this browser notifies of incidents. The choice is stored in it, for all its windows. */
export function NotificationChoiceProvider({ children }: { children: ReactNode }) {
  const [isChosen, setIsChosen] = useState(loadChoice);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  useEffect(() => {
    const follow = ({ key }: StorageEvent) => {
      if (key === storageKey) setIsChosen(loadChoice());
    };
    window.addEventListener('storage', follow);
    return () => window.removeEventListener('storage', follow);
  }, []);

  function keep(isOn: boolean, reason: Refusal | null) {
    store(storageKey, isOn ? 'on' : 'off');
    setIsChosen(isOn);
    setRefusal(reason);
  }

  async function choose(isOn: boolean) {
    const reason = isOn ? await findRefusal() : null;
    keep(isOn && reason === null, reason);
  }

  const refuse = (reason: Refusal) => keep(false, reason);
  return (
    <ChoiceContext value={{ isOn: isChosen && isPermitted(), refusal, choose, refuse }}>
      {children}
    </ChoiceContext>
  );
}

export function useNotificationChoice(): NotificationChoice {
  const choice = useContext(ChoiceContext);
  if (choice === null) throw new Error('useNotificationChoice needs a NotificationChoiceProvider around it');
  return choice;
}
