import type { Config, Data, Layout, PlotMouseEvent, PlotRelayoutEvent } from 'plotly.js';
import Plotly from 'plotly.js/dist/plotly-basic.min.js';
import { useEffect, useMemo, useRef, useState, type WheelEvent } from 'react';
import createPlotlyComponent from 'react-plotly.js/factory';
import { findTextScale } from '../../ui/root-size.ts';
import styles from './plot.module.css';

export type PlotLayout = Partial<Layout>;

interface PlotProps {
  /** Both are compared by reference: a chart is redrawn only when one of them changes. */
  traces: Data[];
  layout: PlotLayout;
  /** The chart as text, for screen readers. */
  label: string;
  minHeight: number;
  /** Called with the reading of a mark that was clicked. The marks have the ids of their readings as `customdata`. */
  onChoose: (readingId: string) => void;
  /** A double click resets the axes, unless this is given. */
  onDoubleClick?: () => void;
  onRelayout?: (event: PlotRelayoutEvent) => void;
}

const usualFontPx = 12;
const PlotlyChart = createPlotlyComponent(Plotly);
const config: Partial<Config> = { displayModeBar: false, scrollZoom: true };
const configWithoutReset: Partial<Config> = { ...config, doubleClick: false };
// On a touch screen, a drag scrolls the page.
const dragmode = window.matchMedia('(pointer: coarse)').matches ? false : 'zoom';
const fill = { position: 'absolute', inset: 0 } as const;

/** A Plotly chart that fills its parent. Plotly is large: load what uses it after the first paint. */
export function Plot({ traces, layout, label, minHeight, onChoose, ...events }: PlotProps) {
  const [error, setError] = useState<Error | null>(null);
  const { frame, size } = useSize();
  const sized = useMemo(() => {
    if (size === null) return null;
    const scale = findTextScale();
    const fontSize = usualFontPx * scale;
    // The margin below has the times.
    const margin = { ...layout.margin, b: scale * (layout.margin?.b ?? 36) };
    const hoverlabel = { ...layout.hoverlabel, font: { ...layout.hoverlabel?.font, size: fontSize } };
    return { ...layout, ...size, dragmode, hoverlabel, margin, font: { ...layout.font, size: fontSize } };
  }, [layout, size]);
  if (error !== null) throw error;

  function choose(event: PlotMouseEvent) {
    const id = findMark(event);
    if (id !== null) onChoose(id);
  }

  return (
    <div
      ref={frame}
      className={styles.plot}
      style={{ minHeight }}
      role="img"
      aria-label={label}
      onWheelCapture={scrollUnlessCtrl}
    >
      {sized !== null && (
        <PlotlyChart
          data={traces}
          layout={sized}
          config={events.onDoubleClick === undefined ? config : configWithoutReset}
          style={fill}
          onError={setError}
          onClick={choose}
          {...events}
        />
      )}
    </div>
  );
}

/** In pixels. */
const markReach = 12;

/** The reading of the mark at the pointer. The points of an event also include those above, below and beside it. */
function findMark({ points, xPixel, yPixel }: PlotMouseEvent): string | null {
  const marks = points.flatMap(({ customdata, ...point }) => {
    const distance = Math.hypot((point.xPixel ?? NaN) - (xPixel ?? 0), (point.yPixel ?? NaN) - (yPixel ?? 0));
    return typeof customdata === 'string' && distance <= markReach ? [{ id: customdata, distance }] : [];
  });
  return marks.sort((a, b) => a.distance - b.distance)[0]?.id ?? null;
}

/** Plotly zooms by the wheel only with Ctrl, so that the page scrolls otherwise. */
function scrollUnlessCtrl(event: WheelEvent) {
  if (!event.ctrlKey) event.stopPropagation();
}

/** The size of the frame. Plotly's own `responsive` follows only the window, but a chart also grows with its neighbors. */
function useSize() {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    if (frame.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width > 0) setSize({ width, height });
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return { frame, size };
}
