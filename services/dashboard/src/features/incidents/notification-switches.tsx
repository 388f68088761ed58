import { useSound } from './incident-sound.ts';
import styles from './incidents.module.css';
import { type Refusal, useNotificationChoice } from './notification-choice.tsx';

/** Whether this browser notifies of new incidents, and whether with a sound. */
export function NotificationSwitches() {
  const { isOn, hasSound, choose, chooseSound } = useNotificationChoice();
  return (
    <>
      <Switch title="Notify me in this browser" isOn={isOn} onChange={(next) => void choose(next)} />
      <Switch title="Play a sound" isOn={hasSound} onChange={chooseSound} />
    </>
  );
}

interface SwitchProps {
  title: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Switch({ title, isOn, onChange }: SwitchProps) {
  return (
    <label className={styles.notify}>
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        onChange={({ target }) => onChange(target.checked)}
      />
      {title}
    </label>
  );
}

const reasons: Readonly<Record<Refusal, string>> = {
  insecure:
    'Browsers show notifications only of pages on HTTPS or on localhost. Open the dashboard there, or add a receiver.',
  unsupported: 'This browser cannot show notifications of this page. Use another browser, or add a receiver.',
  denied:
    'The browser blocks notifications of this page. Allow them in its settings for this site, then turn on the switch again.',
  dismissed:
    'Notifications need your permission. Turn on the switch again, and allow them when the browser asks.',
};

/** Why a switch has no effect, and what to do. */
export function NotificationProblems() {
  const { refusal, hasSound } = useNotificationChoice();
  const canPlay = useSound(hasSound);
  return (
    <>
      {refusal !== null && (
        <p role="alert" className={styles.refusal}>
          {reasons[refusal]}
        </p>
      )}
      {hasSound && !canPlay && (
        <p role="status" className={styles.refusal}>
          The browser plays no sound until you click on this page.
        </p>
      )}
    </>
  );
}
