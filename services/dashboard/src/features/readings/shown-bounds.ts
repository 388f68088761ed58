import type { Feature } from '@sensor-sentinel/contracts';
import { scoreDecimals } from '../../ui/format-number.ts';
import { toDigits } from '../types/format-feature.ts';

type Rounding = Pick<Feature, 'decimals'>;
type Bounds = Readonly<Record<string, number>>;

/**
 * The limits for the API of typed ones, so that a range finds the readings that are shown within it: 24.1 to 24.1 is asked as 24.05
 * to 24.15. A limit with more decimals than the table shows is meant exactly.
 */
export function toSoughtBounds(bounds: Bounds, features: readonly Feature[]): Bounds {
  const sought = [...features, { name: 'score', decimals: scoreDecimals }].flatMap((column) => {
    const [min, max] = [bounds[`${column.name}_min`], bounds[`${column.name}_max`]];
    return [
      ...(min === undefined ? [] : [[`${column.name}_min`, findFarthest(min, column, -1)] as const]),
      ...(max === undefined ? [] : [[`${column.name}_max`, findFarthest(max, column, 1)] as const]),
    ];
  });
  return Object.fromEntries(sought);
}

/** The value as the table shows it. */
export function toShownValue(value: number, column: Rounding): number {
  return Number(value.toFixed(toDigits(value, column)));
}

/** The lowest (`direction` −1) or highest (1) number that is shown as this one, by bisection. */
function findFarthest(limit: number, column: Rounding, direction: -1 | 1): number {
  const isShownAsLimit = (value: number) => toShownValue(value, column) === limit;
  if (!isShownAsLimit(limit)) return limit;
  let inside = limit;
  let outside = limit + direction * 10 ** -toDigits(limit, column);
  for (;;) {
    const middle = (inside + outside) / 2;
    if (middle === inside || middle === outside) return inside;
    if (isShownAsLimit(middle)) inside = middle;
    else outside = middle;
  }
}
