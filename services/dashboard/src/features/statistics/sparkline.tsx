import styles from './statistics-panel.module.css';
import { toSparkline } from './to-sparkline.ts';

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
