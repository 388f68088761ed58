import type { Episode } from '@sensor-sentinel/contracts';
import { toWindow } from '../../time/time-window.ts';
import { goHistorical } from '../../url-state/time-transitions.ts';
import type { UrlState } from '../../url-state/url-state.ts';

const leastMarginMs = 60_000;

/** Opens the overview of the sensor with a window slightly wider than the episode that does not end after now. */
export function zoomToEpisode(episode: Episode, nowMs: number): (state: UrlState) => UrlState {
  const startMs = Date.parse(episode.start);
  const endMs = Date.parse(episode.closed_at ?? episode.end);
  const marginMs = Math.max(leastMarginMs, (endMs - startMs) / 4);
  // The clock of a sensor may be ahead.
  const toMs = Math.max(endMs + 1000, Math.min(nowMs, endMs + marginMs));
  const window = toWindow(Math.round(startMs - marginMs), Math.round(toMs));
  return (state) => ({
    ...state,
    view: 'overview',
    sensors: [episode.sensor_id],
    time: goHistorical(state.time, window),
  });
}
