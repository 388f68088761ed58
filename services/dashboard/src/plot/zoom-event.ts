import { fromPlotTime } from '../time/local-time.ts';
import type { TimeWindow } from '../time/time-window.ts';

const shortestZoomMs = 200;

/** The window that a drag along the time axis chose, if the event of Plotly's is about one. */
export function parseZoomEvent(event: Readonly<Record<string, unknown>>): TimeWindow | null {
  const from = fromPlotTime(String(event['xaxis.range[0]']));
  const to = fromPlotTime(String(event['xaxis.range[1]']));
  if (from === null || to === null) return null;
  return Date.parse(to) - Date.parse(from) < shortestZoomMs ? null : { from, to };
}
