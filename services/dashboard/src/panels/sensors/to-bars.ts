import type { SparklineSubject } from '@sensor-sentinel/contracts';

/** A bar of a sparkline: where it begins and ends, as shares of the height from above. */
export interface Bar {
  step: number;
  top: number;
  height: number;
}

/** Shorter ones would not be seen. */
const shortest = 0.08;

function toRange(values: readonly number[]): { min: number; max: number } {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return min === max ? { min: min - 1, max: max + 1 } : { min, max };
}

/**
 * Rates stand on the line of none, full at one. Values of a feature are strokes between the least and the greatest of
 * the sparkline. Where there is nothing, nothing is drawn.
 */
export function toBars(values: readonly (number | null)[], subject: SparklineSubject): Bar[] {
  const known = values.flatMap((value, step) => (value === null ? [] : [{ step, value }]));
  if (subject === 'anomaly_rate') {
    return known.map(({ step, value }) => {
      const height = Math.max(shortest / 2, value);
      return { step, top: 1 - height, height };
    });
  }
  const { min, max } = toRange(known.map(({ value }) => value));
  const height = shortest * 1.5;
  return known.map(({ step, value }) => ({
    step,
    top: (1 - (value - min) / (max - min)) * (1 - height),
    height,
  }));
}
