import type { Incident } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { describeSampling } from '../charts/describe-series.ts';
import { toSeriesPoints } from '../charts/series-points.ts';
import { TableDisclosure } from '../charts/table-disclosure.tsx';
import { useChartWindow } from '../charts/use-chart-window.ts';
import { useNormalRanges } from '../charts/use-normal-ranges.ts';
import { useShownIncidents } from '../incidents/use-incidents.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { EmptyWindow } from '../time/empty-window.tsx';
import { FeaturesButton, useShownFeatures } from '../types/shown-features.tsx';
import { useSensorType, useZone } from '../url-state/url-state-context.ts';
import { Charts } from './charts.tsx';
import { Legend } from './legend.tsx';
import styles from './series-panel.module.css';
import { listSeriesRows, toSeriesColumns } from './series-rows.ts';
import { useLook } from './use-look.ts';
import { usePreview } from './use-preview.ts';
import { useSeries } from './use-series.ts';
import { useWhileDragging } from './use-while-dragging.ts';
import { WindowTools } from './window-tools.tsx';

const none: readonly Incident[] = [];

export function SeriesPanel() {
  const query = useSeries();
  const look = useLook();
  const zone = useZone();
  const { shown, dragProps } = useWhileDragging(query.data);
  const features = useShownFeatures();
  const hasModel = useSensorType().model !== null;
  const points = useMemo(
    () => (shown === undefined ? null : toSeriesPoints(shown, hasModel || shown.anomalies > 0)),
    [shown, hasModel],
  );
  const { preview, setPreview } = usePreview((window) => look.to(() => window));
  const chartWindow = useChartWindow(shown);
  const window = preview ?? chartWindow;
  const incidents = useShownIncidents().data?.incidents ?? none;
  const hasNormalRange = useNormalRanges() !== null;
  if (points === null || window === null) {
    return <PanelFallback title="Time series" query={query} bones={{ count: 3, height: 190 }} />;
  }

  const { series } = points;
  return (
    <Panel
      title="Time series"
      query={query}
      aside={
        <>
          <span>{describeSampling(series)}</span>
          <FeaturesButton />
          <WindowTools onLook={look.to} />
        </>
      }
    >
      {series.count === 0 ? (
        <EmptyWindow />
      ) : (
        <ErrorBoundary title="Charts">
          <div className={styles.charts}>
            <Legend points={points} hasNormalRange={hasNormalRange} hasIncidents={incidents.length > 0} />
            <div className={styles.stage} {...dragProps}>
              <Charts
                points={points}
                window={window}
                incidents={incidents}
                look={look}
                onPreview={setPreview}
              />
            </div>
            <TableDisclosure
              title="Time series"
              columns={toSeriesColumns(features)}
              listRows={() => listSeriesRows(points, { ...window, zone }, features)}
            />
          </div>
        </ErrorBoundary>
      )}
    </Panel>
  );
}
