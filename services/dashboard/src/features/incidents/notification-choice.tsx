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
  /** Whether a new incident plays a sound, also without notifications. */
  hasSound: boolean;
  chooseSound: (isOn: boolean) => void;
}

const ChoiceContext = createContext<NotificationChoice | null>(null);
const notificationsKey = 'sensor-sentinel-notifications';
const soundKey = 'sensor-sentinel-sound';

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

/** A choice that is stored in the browser, for all its windows. It is off at first. */
function useStoredSwitch(key: string) {
  const load = () => loadStored(key) === 'on';
  const [isOn, setIsOn] = useState(load);
  useEffect(() => {
    const follow = (event: StorageEvent) => event.key === key && setIsOn(event.newValue === 'on');
    window.addEventListener('storage', follow);
    return () => window.removeEventListener('storage', follow);
  }, [key]);
  const choose = (next: boolean) => {
    store(key, next ? 'on' : 'off');
    setIsOn(next);
  };
  return [isOn, choose] as const;
}

/** Whether this browser notifies of incidents, and whether it plays a sound. */
export function NotificationChoiceProvider({ children }: { children: ReactNode }) {
  const [isChosen, keepChosen] = useStoredSwitch(notificationsKey);
  const [hasSound, chooseSound] = useStoredSwitch(soundKey);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  function keep(isOn: boolean, reason: Refusal | null) {
    keepChosen(isOn);
    setRefusal(reason);
  }

  async function choose(isOn: boolean) {
    const reason = isOn ? await findRefusal() : null;
    keep(isOn && reason === null, reason);
  }

  const refuse = (reason: Refusal) => keep(false, reason);
  const isOn = isChosen && isPermitted();
  return (
    <ChoiceContext value={{ isOn, refusal, choose, refuse, hasSound, chooseSound }}>{children}</ChoiceContext>
  );
}

export function useNotificationChoice(): NotificationChoice {
  const choice = useContext(ChoiceContext);
  if (choice === null) throw new Error('useNotificationChoice needs a NotificationChoiceProvider around it');
  return choice;
}
