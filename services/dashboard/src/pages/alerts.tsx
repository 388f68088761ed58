import { CurrentPanel } from '../features/alerts/current-panel.tsx';
import styles from '../features/incidents/incidents.module.css';
import { IncidentsPanel } from '../features/incidents/incidents-panel.tsx';

/** The current sensor states and the incidents of the selected window. */
export function AlertsView() {
  return (
    <div className={styles.page}>
      <CurrentPanel />
      <IncidentsPanel />
    </div>
  );
}
