import styles from './alerts-view.module.css';
import { CurrentPanel } from './current-panel.tsx';
import { IncidentsPanel } from './incidents-panel.tsx';

/** The current sensor states and the incidents of the selected window. */
export function AlertsView() {
  return (
    <div className={styles.page}>
      <CurrentPanel />
      <IncidentsPanel />
    </div>
  );
}
