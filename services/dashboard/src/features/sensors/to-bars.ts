import { anomalyRate } from '@sensor-sentinel/contracts';

/** A bar of a sparkline; top and height are shares of the total height, measured from the top. */
export interface Bar {
  step: number;
  top: number;
  height: number;
}

/** Minimum height, so that a bar is visible. */
const shortest = 0.08;

function toRange(values: readonly number[]): { min: number; max: number } {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return min === max ? { min: min - 1, max: max + 1 } : { min, max };
}

/**
 * Anomaly rates are bars from the bottom, full height at 1. Feature values are short strokes, scaled to the minimum and
 * maximum of the sparkline. Nulls have no bar.
 */
export function toBars(values: readonly (number | null)[], subject: string): Bar[] {
  const known = values.flatMap((value, step) => (value === null ? [] : [{ step, value }]));
  if (subject === anomalyRate) {
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
