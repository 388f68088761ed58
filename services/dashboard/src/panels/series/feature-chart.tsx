import type { FeatureName, Series } from '@sensor-sentinel/contracts';
import { Suspense, useMemo } from 'react';
import { describeSeries } from '../../plot/describe-series.ts';
import { LazyPlot } from '../../plot/lazy-plot.tsx';
import { plotPalettes } from '../../plot/plot-palette.ts';
import { plotConfig, toLayout } from '../../plot/to-layout.ts';
import { toTraces } from '../../plot/to-traces.ts';
import { parseZoomEvent } from '../../plot/zoom-event.ts';
import { useTheme } from '../../theme/theme-provider.tsx';
import type { TimeWindow } from '../../time/time-window.ts';
import styles from './series-panel.module.css';

interface FeatureChartProps {
  feature: { name: FeatureName; title: string; unit: string };
  series: Series;
  window: TimeWindow;
  onZoom: (window: TimeWindow) => void;
  onZoomOut: () => void;
}

export function FeatureChart({ feature, series, window, onZoom, onZoomOut }: FeatureChartProps) {
  const { name, title, unit } = feature;
  const palette = plotPalettes[useTheme().resolved];
  const traces = useMemo(
    () => toTraces(series, { feature: name, unit, palette }),
    [series, name, unit, palette],
  );
  const layout = useMemo(() => toLayout(window, palette), [window, palette]);

  function zoomTo(event: Record<string, unknown>) {
    const zoomed = parseZoomEvent(event);
    if (zoomed !== null) onZoom(zoomed);
  }

  return (
    <figure className={styles.chart}>
      <figcaption>
        <h3 className={styles.chartTitle}>
          {title} ({unit})
        </h3>
      </figcaption>
      <div
        className={styles.plot}
        role="img"
        aria-label={describeSeries(series, { feature: name, title, unit })}
      >
        <Suspense fallback={<div className={styles.plotSkeleton} />}>
          <LazyPlot
            data={traces}
            layout={layout}
            config={plotConfig}
            onRelayout={zoomTo}
            onDoubleClick={onZoomOut}
            className={styles.plotly ?? ''}
            style={plotStyle}
            useResizeHandler
          />
        </Suspense>
      </div>
    </figure>
  );
}

const plotStyle = { width: '100%', height: '100%' };
