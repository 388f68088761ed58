import type { Layout, Shape } from './plot.tsx';
import type { PlotPalette } from './plot-palette.ts';
import type { Span, TimeTick } from './time-ticks.ts';
import type { ValueScale } from './value-scale.ts';

/** Margins of the plot area in pixels; the styles of the overlays use the same values. */
export const plotMargin = { l: 44, r: 10, t: 9, b: 9 } as const;

export interface NormalRange {
  low: number;
  high: number;
}

interface LayoutOptions {
  span: Span;
  ticks: readonly TimeTick[];
  scale: ValueScale;
  /** The range of normal readings in the training data, if known. */
  normalRange: NormalRange | null;
  palette: PlotPalette;
}

function toBand({ low, high }: NormalRange, palette: PlotPalette): Partial<Shape> {
  return {
    type: 'rect',
    layer: 'below',
    xref: 'paper',
    x0: 0,
    x1: 1,
    y0: low,
    y1: high,
    fillcolor: palette.normalRange,
    line: { width: 0 },
  };
}

/** The layout of one of several charts with a shared time axis; only its value axis has labels. */
export function toLayout({ span, ticks, scale, normalRange, palette }: LayoutOptions): Partial<Layout> {
  const axis = { fixedrange: true, zeroline: false, color: palette.text, gridcolor: palette.grid };
  return {
    margin: plotMargin,
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: 'system-ui, sans-serif', size: 12, color: palette.text },
    showlegend: false,
    hovermode: false,
    dragmode: false,
    shapes: normalRange === null ? [] : [toBand(normalRange, palette)],
    xaxis: {
      ...axis,
      type: 'linear',
      range: [span.fromMs, span.toMs],
      tickvals: ticks.map(({ timeMs }) => timeMs),
      showticklabels: false,
    },
    yaxis: { ...axis, range: [scale.low, scale.high], tickvals: [...scale.ticks] },
  };
}
