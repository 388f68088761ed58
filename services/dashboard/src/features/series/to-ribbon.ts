import type { SeriesPoints } from '../charts/series-points.ts';
import { countStretches, toStretches } from '../charts/stretches.ts';
import type { Span } from '../charts/time-ticks.ts';

export interface RibbonColumn {
  /** Zero-based position from the left. */
  place: number;
  /** The share of anomalies among its readings, 0 to 1. */
  share: number;
  /** The drawn height, relative to the highest column. */
  mark: number;
}

/** Minimum drawn height, so that a small share stays visible next to a large one. */
const lowestMark = 0.18;

/** The columns with readings, out of `count` columns. */
export function toRibbon(points: SeriesPoints, span: Span, most: number) {
  const count = countStretches(points, span, most);
  const shares = toStretches(points, span, count).map(({ readings, anomalies }) =>
    readings === 0 ? null : anomalies / readings,
  );
  const highest = shares.reduce<number>((high, share) => Math.max(high, share ?? 0), 0);
  const columns = shares.flatMap((share, place): RibbonColumn[] => {
    if (share === null) return [];
    return [{ place, share, mark: share === 0 ? 0 : Math.max(lowestMark, share / highest) }];
  });
  return { columns, count, highest };
}
