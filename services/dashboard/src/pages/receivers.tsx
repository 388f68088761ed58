import { DeliveriesPanel } from '../features/receivers/deliveries-panel.tsx';
import styles from '../features/receivers/receivers.module.css';
import { ReceiversPanel } from '../features/receivers/receivers-panel.tsx';
import { SilencesPanel } from '../features/silences/silences-panel.tsx';

/** Who is notified, what is silenced, and what was sent. Always shows the present. */
export function ReceiversView() {
  return (
    <div className={styles.page}>
      <ReceiversPanel />
      <SilencesPanel />
      <DeliveriesPanel />
    </div>
  );
}
