import type { Data } from './plot.tsx';
import type { PlotPalette } from './plot-palette.ts';

export interface TraceOptions {
  /** The name of the feature. */
  feature: string;
  palette: PlotPalette;
}

interface LineOptions {
  name: string;
  x: (number | null)[];
  y: (number | null)[];
  /** Whether a point has no line on either side and is drawn as a marker. */
  isAlone: boolean[];
}

/** A line that is interrupted at gaps. */
export function toLineTrace({ name, x, y, isAlone }: LineOptions, { palette }: TraceOptions): Data {
  return {
    type: 'scatter',
    mode: isAlone.includes(true) ? 'lines+markers' : 'lines',
    name,
    x,
    y,
    connectgaps: false,
    line: { color: palette.line, width: 1.25 },
    marker: { color: palette.line, size: isAlone.map((alone) => (alone ? 5 : 0)) },
  };
}
