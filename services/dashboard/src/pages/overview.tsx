import { type ComponentType, lazy, Suspense } from 'react';
import { AlertBox } from '../features/alerts/alert-box.tsx';
import { DistributionPanel } from '../features/distribution/distribution-panel.tsx';
import { KnownAccuracyPanel } from '../features/feedback/accuracy-panel.tsx';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import { StatisticsPanel } from '../features/statistics/statistics-panel.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import styles from './overview.module.css';

const FleetPanel = lazy(async () => ({
  default: (await import('../features/fleet/fleet-panel.tsx')).FleetPanel,
}));
const SeriesPanel = lazy(async () => ({
  default: (await import('../features/series/series-panel.tsx')).SeriesPanel,
}));
const ScatterPanel = lazy(async () => ({
  default: (await import('../features/scatter/scatter-panel.tsx')).ScatterPanel,
}));
const ReadingsPanel = lazy(async () => ({
  default: (await import('../features/readings/readings-panel.tsx')).ReadingsPanel,
}));

/** The current state, the charts, and the readings. The charts and the table are loaded after the first paint. */
export function Overview() {
  return (
    <div className={styles.grid}>
      <div className={styles.alert}>
        <AlertBox />
      </div>
      <div className={styles.fleet}>
        <Later title="Fleet" Content={FleetPanel} height={60} />
      </div>
      <div className={styles.statistics}>
        <StatisticsPanel />
      </div>
      <div className={styles.series}>
        <Later title="Time series" Content={SeriesPanel} height={190} />
      </div>
      <div className={styles.distribution}>
        <DistributionPanel />
      </div>
      <div className={styles.scatter}>
        <Later title="Scatter plot" Content={ScatterPanel} height={90} />
      </div>
      <div className={styles.readings}>
        <KnownAccuracyPanel />
        <Later title="Readings" Content={ReadingsPanel} height={200} />
      </div>
    </div>
  );
}

interface LaterProps {
  title: string;
  Content: ComponentType;
  /** Of each of the three skeleton bars. */
  height: number;
}

const loading = { isPending: true, isFetching: true, error: null, refetch: () => undefined };

/** A panel that is loaded after the first paint. */
function Later({ title, Content, height }: LaterProps) {
  return (
    <ErrorBoundary title={title}>
      <Suspense fallback={<PanelFallback title={title} query={loading} bones={{ count: 3, height }} />}>
        <Content />
      </Suspense>
    </ErrorBoundary>
  );
}
