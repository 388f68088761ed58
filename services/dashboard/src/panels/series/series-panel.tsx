import { features, type Series } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.ts';
import { useSeries } from '../../api/use-series.ts';
import type { Windowed } from '../../api/use-window-query.ts';
import { EmptyWindow } from '../../components/empty-window.tsx';
import { ErrorBoundary } from '../../components/error-boundary.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { describeSampling } from '../../plot/describe-series.ts';
import { scaleWindow, type TimeWindow } from '../../time/time-window.ts';
import { toShownWindow, zoom } from '../../url-state/time-transitions.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { FeatureChart } from './feature-chart.tsx';
import styles from './series-panel.module.css';
import { useWhileDragging } from './use-while-dragging.ts';
import { WindowTools } from './window-tools.tsx';

export function SeriesPanel() {
  const series = useSeries();
  const { push } = useUrlState();
  const api = useApi();
  const { shown, dragProps } = useWhileDragging(series.data);
  const window = useChartWindow(shown);
  if (shown === undefined || window === null) {
    return <PanelFallback title="Time series" query={series} bones={{ count: 3, height: 278 }} />;
  }

  function look(choose: (window: TimeWindow, nowMs: number) => TimeWindow) {
    const nowMs = api.now();
    push((state) => {
      const chosen = choose(toShownWindow(state.time, nowMs), nowMs);
      return { ...state, time: zoom(state.time, chosen, nowMs) };
    });
  }

  return (
    <Panel
      title="Time series"
      query={series}
      aside={
        <>
          <span>{describeSampling(shown)}</span>
          <Legend isBucketed={shown.resolution !== 'reading'} />
          <WindowTools onLook={look} />
        </>
      }
    >
      {shown.count === 0 ? (
        <EmptyWindow />
      ) : (
        <ErrorBoundary title="Charts">
          <div className={styles.charts} {...dragProps}>
            {features.map((feature) => (
              <FeatureChart
                key={feature.name}
                feature={feature}
                series={shown}
                window={window}
                onZoom={(zoomed) => look(() => zoomed)}
                onZoomOut={() => look((current, nowMs) => scaleWindow(current, 2, nowMs))}
              />
            ))}
          </div>
        </ErrorBoundary>
      )}
    </Panel>
  );
}

/** A fixed window is drawn at once, whatever has arrived of it; a live one as it was when asked for. */
function useChartWindow(series: Windowed<Series> | undefined): TimeWindow | null {
  const { time } = useUrlState().state;
  const isLive = time.mode === 'live';
  const from = isLive ? series?.from : time.from;
  const to = isLive ? series?.shownTo : time.to;
  return useMemo(() => (from == null || to == null ? null : { from, to }), [from, to]);
}

function Legend({ isBucketed }: { isBucketed: boolean }) {
  return (
    <ul className={styles.legend} aria-label="Legend">
      <li>
        <span className={styles.lineKey} /> {isBucketed ? 'Mean' : 'Reading'}
      </li>
      {isBucketed && (
        <li>
          <span className={styles.envelopeKey} /> Minimum to maximum
        </li>
      )}
      <li>
        <span className={isBucketed ? styles.shareKey : styles.anomalyKey} />{' '}
        {isBucketed ? 'Share of anomalies' : 'Anomaly'}
      </li>
    </ul>
  );
}
