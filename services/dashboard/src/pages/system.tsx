import { IntakePanel } from '../features/system/intake-panel.tsx';
import { SendersPanel } from '../features/system/senders-panel.tsx';
import styles from '../features/system/system.module.css';
import { SystemPanels } from '../features/system/system-panels.tsx';

/** For engineers: what arrives, who sends it, the database, and what runs. */
export function SystemView() {
  return (
    <div className={styles.grid}>
      <IntakePanel />
      <SendersPanel />
      <SystemPanels />
    </div>
  );
}
