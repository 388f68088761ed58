import type { Feature } from '@sensor-sentinel/contracts';
import { scoreDecimals } from '../../ui/format-number.ts';
import { toDigits } from '../types/format-feature.ts';

type Rounding = Pick<Feature, 'decimals'>;
type Bounds = Readonly<Record<string, number>>;

export interface RangeText {
  min: string;
  max: string;
}

export interface TypedRange {
  min: number | undefined;
  max: number | undefined;
  /** The field that is wrong, and why. */
  fault: { side: keyof RangeText; text: string } | null;
}

/** Parses the two fields of a range filter. An empty field means no limit. */
export function parseRange(typed: RangeText): TypedRange {
  const [min, max] = [parseBound(typed.min), parseBound(typed.max)];
  const range = { min: min ?? undefined, max: max ?? undefined };
  if (min === null) return { ...range, fault: { side: 'min', text: 'Minimum is not a number' } };
  if (max === null) return { ...range, fault: { side: 'max', text: 'Maximum is not a number' } };
  const isReversed = min !== undefined && max !== undefined && min > max;
  return { ...range, fault: isReversed ? { side: 'max', text: 'Maximum is below minimum' } : null };
}

const numberPattern = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/** Null if the text is not a number. */
function parseBound(text: string): number | undefined | null {
  const trimmed = text.trim().replace('−', '-');
  if (trimmed === '') return undefined;
  if (!numberPattern.test(trimmed)) return null;
  const value = Number(trimmed.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

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
