import type { Incident } from '@sensor-sentinel/contracts';
import type { PlotRelayoutEvent } from 'plotly.js';
import { useMemo } from 'react';
import { useTheme } from '../../ui/theme/theme-provider.tsx';
import { Plot } from '../charts/plot.tsx';
import { plotPalettes, useNormalRanges } from '../charts/plot-style.ts';
import { TableDisclosure } from '../charts/table-disclosure.tsx';
import { useShownIncidents } from '../incidents/use-incidents.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { EmptyWindow } from '../time/empty-window.tsx';
import { scaleWindow, shiftWindow, type TimeWindow } from '../time/time-window.ts';
import { FeaturePicker, useShownFeatures } from '../types/shown-features.tsx';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import { describeSampling, describeSeries } from './describe-series.ts';
import styles from './series-panel.module.css';
import { listSeriesRows, toSeriesColumns } from './stretches.ts';
import { rowHeight, toLayout } from './to-layout.ts';
import { toTraces } from './to-traces.ts';
import type { SeriesPoints } from './use-series.ts';
import { useSeries } from './use-series.ts';
import { toZoomedWindow, useZoom } from './use-zoom.ts';

const title = 'Time series';
const none: readonly Incident[] = [];

export function SeriesPanel() {
  const { query, points, window } = useSeries();
  const zoom = useZoom();
  const zone = useZone();
  const features = useShownFeatures();
  if (points === null || window === null)
    return <PanelFallback title={title} query={query} bones={{ count: 3, height: rowHeight }} />;
  return (
    <Panel
      title={title}
      query={query}
      aside={
        <>
          <span>{describeSampling(points)}</span>
          <FeaturePicker />
          <WindowTools {...zoom} />
        </>
      }
    >
      {points.count === 0 ? (
        <EmptyWindow />
      ) : (
        <>
          <Charts points={points} window={window} {...zoom} />
          <TableDisclosure
            title={title}
            columns={toSeriesColumns(points, features)}
            listRows={() => listSeriesRows(points, { ...window, zone }, features)}
          />
        </>
      )}
    </Panel>
  );
}

type Zoom = ReturnType<typeof useZoom>;

function Charts({ points, window, change, back }: { points: SeriesPoints; window: TimeWindow } & Zoom) {
  const { push } = useUrlState();
  const zone = useZone();
  const features = useShownFeatures();
  const normalRanges = useNormalRanges();
  const incidents = useShownIncidents().data?.incidents ?? none;
  const palette = plotPalettes[useTheme().resolved];
  const traces = useMemo(
    () => toTraces(points, { features, palette, zone }),
    [points, features, palette, zone],
  );
  const layout = useMemo(
    () => toLayout({ points, window, zone, features, incidents, normalRanges, palette }),
    [points, window, zone, features, incidents, normalRanges, palette],
  );

  function takeZoom(event: PlotRelayoutEvent) {
    const zoomed = toZoomedWindow(event, zone);
    // Not shorter than a second, and not beyond now.
    if (zoomed !== null) change((_, nowMs) => scaleWindow(zoomed, 1, nowMs));
  }

  return (
    <Plot
      traces={traces}
      layout={layout}
      label={features.map((feature) => describeSeries(points, feature)).join('. ')}
      minHeight={features.length * rowHeight + 70}
      onChoose={(reading) => push((state) => ({ ...state, reading }))}
      onRelayout={takeZoom}
      onDoubleClick={back}
    />
  );
}

/** Buttons that do what dragging, the wheel and a double click do. */
function WindowTools({ change, back }: Zoom) {
  const shift = (share: number) => () => change((window, nowMs) => shiftWindow(window, share, nowMs));
  const scale = (factor: number) => () => change((window, nowMs) => scaleWindow(window, factor, nowMs));
  const tools = [
    { title: 'Earlier', press: shift(-0.5) },
    { title: 'Zoom in', press: scale(0.5) },
    { title: 'Zoom out', press: scale(2) },
    { title: 'Back', press: back },
    { title: 'Later', press: shift(0.5) },
  ];
  return (
    <fieldset className={styles.tools} aria-label="Time window">
      {tools.map(({ title, press }) => (
        <button key={title} type="button" onClick={press}>
          {title}
        </button>
      ))}
    </fieldset>
  );
}
