import styles from './overview.module.css';
import { AlertBox } from './panels/alert/alert-box.tsx';
import { DistributionPanel } from './panels/distribution/distribution-panel.tsx';
import { ReadingsPanel } from './panels/readings/readings-panel.tsx';
import { SeriesPanel } from './panels/series/series-panel.tsx';
import { StatisticsPanel } from './panels/statistics/statistics-panel.tsx';

/** Is it fine, what do the sensors do, and which readings were it. */
export function Overview() {
  return (
    <div className={styles.grid}>
      <div className={styles.alert}>
        <AlertBox />
      </div>
      <div className={styles.statistics}>
        <StatisticsPanel />
      </div>
      <div className={styles.distribution}>
        <DistributionPanel />
      </div>
      <div className={styles.series}>
        <SeriesPanel />
      </div>
      <div className={styles.readings}>
        <ReadingsPanel />
      </div>
    </div>
  );
}
