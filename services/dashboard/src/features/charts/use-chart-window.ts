import type { Series } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import type { TimeWindow } from '../time/time-window.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import type { Windowed } from '../url-state/use-window-query.ts';

/** The window to draw: a fixed window at once, even while loading; a live window as of the last fetch. */
export function useChartWindow(series: Windowed<Series> | undefined): TimeWindow | null {
  const { time } = useUrlState().state;
  const isLive = time.mode === 'live';
  const from = isLive ? series?.from : time.from;
  const to = isLive ? series?.shownTo : time.to;
  return useMemo(() => (from == null || to == null ? null : { from, to }), [from, to]);
}
