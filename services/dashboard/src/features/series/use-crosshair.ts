import { useState } from 'react';
import { findNearest, type SeriesPoints } from '../charts/series-points.ts';
import type { Span } from '../charts/time-ticks.ts';

export interface Crosshair {
  timeMs: number;
  /** The index of the point; null within a gap. */
  index: number | null;
  isPinned: boolean;
}

function isInGap({ series }: SeriesPoints, timeMs: number): boolean {
  const time = new Date(timeMs).toISOString();
  return series.gaps.some(({ from, to }) => from < time && time < to);
}

/** Within a gap, a point is still selected if it is this close, as a share of the window. */
const nearShare = 0.01;

function toCrosshair(
  points: SeriesPoints,
  { span, timeMs, isPinned }: { span: Span; timeMs: number; isPinned: boolean },
) {
  const index = findNearest(points.timesMs, timeMs);
  const pointMs = points.timesMs[index];
  if (pointMs === undefined || timeMs < span.fromMs || timeMs > span.toMs) return null;
  const isNear = Math.abs(pointMs - timeMs) < (span.toMs - span.fromMs) * nearShare;
  if (!isNear && isInGap(points, timeMs)) return { timeMs, index: null, isPinned };
  return pointMs < span.fromMs || pointMs > span.toMs ? null : { timeMs: pointMs, index, isPinned };
}

/** The position of the crosshair: pinned, under the pointer, or set by keyboard. */
export function useCrosshair(points: SeriesPoints, { span, mayPin }: { span: Span; mayPin: boolean }) {
  const [hoveredMs, setHoveredMs] = useState<number | null>(null);
  const [pinnedMs, setPinnedMs] = useState<number | null>(null);
  const isPinned = mayPin && pinnedMs !== null;
  const timeMs = isPinned ? pinnedMs : hoveredMs;
  const crosshair: Crosshair | null =
    timeMs === null ? null : toCrosshair(points, { span, timeMs, isPinned });

  function step(count: number) {
    const { timesMs } = points;
    const shown = timesMs.flatMap((pointMs, index) =>
      pointMs >= span.fromMs && pointMs <= span.toMs ? [index] : [],
    );
    const [first, last] = [shown[0], shown.at(-1)];
    if (first === undefined || last === undefined) return;
    const from = timeMs === null ? last + (count < 0 ? 1 : 0) : findNearest(timesMs, timeMs);
    const next = timesMs[Math.max(first, Math.min(last, from + count))] ?? null;
    if (isPinned) setPinnedMs(next);
    else setHoveredMs(next);
  }

  return { crosshair, step, hover: setHoveredMs, pin: setPinnedMs };
}
