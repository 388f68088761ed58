import { useMemo } from 'react';
import type { TimeWindow } from '../time/time-window.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { useWindowQuery } from '../url-state/use-window-query.ts';
import { toSeriesPoints } from './series-points.ts';

/** Per feature. A chart of three features has up to three times as many, which is as many as its pixels. */
const points = 500;

/** The readings or buckets of the window, by sensor, and the window to draw. */
export function useSeries() {
  const query = useWindowQuery({
    route: 'series',
    get: (api) => api.getSeries,
    params: { points, by: 'sensor' },
  });
  const { time } = useUrlState().state;
  const hasModel = useSensorType().model !== null;
  const series = query.data?.series;
  const shown = useMemo(
    () => (series === undefined ? null : toSeriesPoints(series, hasModel)),
    [series, hasModel],
  );
  // A fixed window is drawn at once, even while it is loading; a live window as of the last fetch.
  const { from, to } = time.mode === 'live' ? { from: query.data?.from, to: query.data?.shownTo } : time;
  const window = useMemo(
    (): TimeWindow | null => (from == null || to == null ? null : { from, to }),
    [from, to],
  );
  return { query, points: shown, window };
}
