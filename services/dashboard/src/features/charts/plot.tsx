import type { Config, Data, Layout, Shape } from 'plotly.js';
import Plotly from 'plotly.js/dist/plotly-basic.min.js';
import { useEffect, useMemo, useRef, useState } from 'react';
import createPlotlyComponent from 'react-plotly.js/factory';
import { createDrawQueue } from './draw-queue.ts';
import styles from './plot.module.css';
import { useSize } from './use-size.ts';

export type { Data, Layout, Shape };

interface PlotProps {
  /** Both are compared by reference: a chart is redrawn only when one of them changes. */
  traces: Data[];
  layout: Partial<Layout>;
}

interface Figure {
  data: Data[];
  layout: Partial<Layout>;
}

const PlotlyChart = createPlotlyComponent(Plotly);
const config: Partial<Config> = { displayModeBar: false, responsive: false, doubleClick: false };
const fill = { width: '100%', height: '100%' };
// After a frame, when the layout of the page is complete: measurements by Plotly then do not force another layout.
const scheduleDraw = createDrawQueue((draw) => requestAnimationFrame(() => setTimeout(draw)));

/** A Plotly chart that fills its parent. Load it with `import()` only (see lazy-plot.tsx), to keep Plotly in its own chunk. */
export function Plot({ traces, layout }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  // Not `useResizeHandler`, which only handles resizes of the window: a chart also grows with the panel next to it.
  const size = useSize(frame);
  const [error, setError] = useState<Error | null>(null);
  const figure = useMemo(
    () => (size === null || size.width === 0 ? null : { data: traces, layout: { ...layout, ...size } }),
    [traces, layout, size],
  );
  const drawn = useScheduledFigure(figure);
  if (error !== null) throw error;
  return (
    <div ref={frame} className={styles.plot}>
      {drawn !== null && (
        <PlotlyChart
          data={drawn.data}
          layout={drawn.layout}
          config={config}
          style={fill}
          onError={setError}
        />
      )}
    </div>
  );
}

/** The figure to draw: the given one, once the draw queue reaches it. */
function useScheduledFigure(figure: Figure | null): Figure | null {
  const [drawn, setDrawn] = useState<Figure | null>(null);
  useEffect(() => {
    if (figure === null) return;
    return scheduleDraw(() => setDrawn(figure));
  }, [figure]);
  return drawn;
}
