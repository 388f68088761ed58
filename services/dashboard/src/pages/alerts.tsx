import { CurrentPanel } from '../features/alerts/current-panel.tsx';
import { FleetPanel } from '../features/fleet/fleet-panel.tsx';
import styles from '../features/incidents/incidents.module.css';
import { IncidentsPanel } from '../features/incidents/incidents-panel.tsx';

/** The fleet timeline, the incidents of the selected window, and the current state of each sensor. */
export function AlertsView() {
  return (
    <div className={styles.page}>
      <FleetPanel />
      <IncidentsPanel />
      <CurrentPanel />
    </div>
  );
}
