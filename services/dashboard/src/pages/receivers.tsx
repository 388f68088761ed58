import { DeliveriesPanel } from '../features/receivers/deliveries-panel.tsx';
import styles from '../features/receivers/receivers.module.css';
import { ReceiversPanel } from '../features/receivers/receivers-panel.tsx';

/** Who is notified, what was sent, and what is silenced. Always shows the present. */
export function ReceiversView() {
  return (
    <div className={styles.page}>
      <ReceiversPanel />
      <DeliveriesPanel />
    </div>
  );
}
