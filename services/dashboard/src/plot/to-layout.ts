import { toPlotTime } from '../time/local-time.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { Config, Layout } from './plot.tsx';
import type { PlotPalette } from './plot-palette.ts';

export const plotConfig: Partial<Config> = { displayModeBar: false, responsive: false, doubleClick: false };

export function toLayout(window: TimeWindow, palette: PlotPalette): Partial<Layout> {
  const axis = { color: palette.text, gridcolor: palette.grid, linecolor: palette.axis, zeroline: false };
  return {
    autosize: true,
    margin: { l: 48, r: 12, t: 6, b: 32 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: 'system-ui, sans-serif', size: 12, color: palette.text },
    showlegend: false,
    dragmode: 'zoom',
    hovermode: 'closest',
    hoverlabel: { bgcolor: palette.surface, bordercolor: palette.axis, font: { color: palette.text } },
    xaxis: { ...axis, type: 'date', range: [toPlotTime(window.from), toPlotTime(window.to)], showline: true },
    yaxis: { ...axis, fixedrange: true, nticks: 5 },
    // Shares of anomalies: the highest takes an eighth of the height.
    yaxis2: { overlaying: 'y', range: [0, 8], fixedrange: true, visible: false },
    bargap: 0,
  };
}
