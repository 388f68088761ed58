import type { FeatureName } from '@sensor-sentinel/contracts';
import type { Data } from './plot.tsx';
import type { PlotPalette } from './plot-palette.ts';

export interface TraceOptions {
  feature: FeatureName;
  unit: string;
  palette: PlotPalette;
}

export function toReadingHover(unit: string): string {
  return `%{y:.1f} ${unit}<br>%{x|%Y-%m-%d %H:%M:%S}`;
}

/** Real anomalies, told by shape and by colour. */
export function toAnomalyTrace(points: { x: string[]; y: number[] }, { unit, palette }: TraceOptions): Data {
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'Anomaly',
    ...points,
    marker: {
      color: palette.anomaly,
      symbol: 'diamond',
      size: 7,
      line: { color: palette.surface, width: 1 },
    },
    hovertemplate: `<b>Anomaly</b><br>${toReadingHover(unit)}<extra></extra>`,
  };
}
