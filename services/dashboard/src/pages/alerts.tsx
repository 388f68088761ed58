import { CurrentPanel } from '../features/alerts/current-panel.tsx';
import styles from '../features/incidents/incidents.module.css';
import { IncidentsPanel } from '../features/incidents/incidents-panel.tsx';

/** The incidents of the selected window, and the current state of each sensor. */
export function AlertsView() {
  return (
    <div className={styles.page}>
      <IncidentsPanel />
      <CurrentPanel />
    </div>
  );
}
