import styles from './alerts-view.module.css';
import { CurrentPanel } from './current-panel.tsx';
import { EpisodesPanel } from './episodes-panel.tsx';

/** The current sensor states and the episodes of the selected window. */
export function AlertsView() {
  return (
    <div className={styles.page}>
      <CurrentPanel />
      <EpisodesPanel />
    </div>
  );
}
