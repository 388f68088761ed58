import styles from './statistics-panel.module.css';

interface SparklineProps {
  label: string;
  values: readonly (number | null)[];
}

/** A line of a value over the window, without axes. */
export function Sparkline({ label, values }: SparklineProps) {
  return (
    <svg
      className={styles.sparkline}
      viewBox={`-0.5 -4 ${values.length} 48`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={toSparkline(values, 40)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/**
 * The SVG path of a line through values at x = 0, 1, 2 …, with the highest value at y = 0. The line is interrupted at
 * nulls; a single value between two nulls is a short dash.
 */
export function toSparkline(values: readonly (number | null)[], height: number): string {
  const known = values.filter((value) => value !== null);
  const lowest = known.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const range = known.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY) - lowest;
  const toY = (value: number) =>
    (range === 0 ? height / 2 : height - ((value - lowest) / range) * height).toFixed(1);
  return values
    .map((value, place) => {
      if (value === null) return '';
      const y = toY(value);
      if ((values[place - 1] ?? null) !== null) return `L${place} ${y}`;
      return (values[place + 1] ?? null) === null ? `M${place - 0.3} ${y}h0.6` : `M${place} ${y}`;
    })
    .join('');
}
