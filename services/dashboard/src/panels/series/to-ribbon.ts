import type { SeriesPoints } from '../../plot/series-points.ts';
import { countStretches, toStretches } from '../../plot/stretches.ts';
import type { Span } from '../../plot/time-ticks.ts';

export interface RibbonColumn {
  /** From the left, the first is 0. */
  place: number;
  /** Of its readings that were anomalies, 0 to 1. */
  share: number;
  /** How high it is drawn, of the highest. */
  mark: number;
}

/** So that a small share beside a large one is still seen. */
const lowestMark = 0.18;

/** The columns that hold readings, of `count` in all. */
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
