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

/** Is it fine, what do the sensors do, and which readings were it: the first of these is there at once. */
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
        <Later title="Two features" Content={ScatterPanel} height={90} />
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
  /** Of each of three bones. */
  height: number;
}

const underWay = { isPending: true, isFetching: true, error: null, refetch: () => undefined };

/** A panel that is loaded after the page is there. */
function Later({ title, Content, height }: LaterProps) {
  return (
    <ErrorBoundary title={title}>
      <Suspense fallback={<PanelFallback title={title} query={underWay} bones={{ count: 3, height }} />}>
        <Content />
      </Suspense>
    </ErrorBoundary>
  );
}
