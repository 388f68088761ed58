import styles from './incidents.module.css';
import { type Refusal, useNotificationChoice } from './notification-choice.tsx';

export function NotificationSwitch() {
  const { isOn, choose } = useNotificationChoice();
  return (
    <label className={styles.notify}>
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        onChange={({ target }) => void choose(target.checked)}
      />
      Notify me in this browser
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

/** Why the switch stayed off, and what to do. */
export function NotificationRefusal() {
  const { refusal } = useNotificationChoice();
  if (refusal === null) return null;
  return (
    <p role="alert" className={styles.refusal}>
      {reasons[refusal]}
    </p>
  );
}
