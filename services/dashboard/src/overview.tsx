import { type ComponentType, lazy, Suspense } from 'react';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { PanelFallback } from './components/panel-fallback.tsx';
import styles from './overview.module.css';
import { KnownAccuracyPanel } from './panels/accuracy/accuracy-panel.tsx';
import { AlertBox } from './panels/alert/alert-box.tsx';
import { DistributionPanel } from './panels/distribution/distribution-panel.tsx';
import { StatisticsPanel } from './panels/statistics/statistics-panel.tsx';

const SeriesPanel = lazy(async () => ({
  default: (await import('./panels/series/series-panel.tsx')).SeriesPanel,
}));
const ScatterPanel = lazy(async () => ({
  default: (await import('./panels/scatter/scatter-panel.tsx')).ScatterPanel,
}));
const ReadingsPanel = lazy(async () => ({
  default: (await import('./panels/readings/readings-panel.tsx')).ReadingsPanel,
}));

/** The current state, the charts, and the readings. The charts and the table are loaded after the first paint. */
export function Overview() {
  return (
    <div className={styles.grid}>
      <div className={styles.alert}>
        <AlertBox />
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
