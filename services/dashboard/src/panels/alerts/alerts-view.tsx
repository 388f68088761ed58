import styles from './alerts-view.module.css';
import { CurrentPanel } from './current-panel.tsx';
import { EpisodesPanel } from './episodes-panel.tsx';

/** What is wrong now, and what was. */
export function AlertsView() {
  return (
    <div className={styles.page}>
      <CurrentPanel />
      <EpisodesPanel />
    </div>
  );
}
