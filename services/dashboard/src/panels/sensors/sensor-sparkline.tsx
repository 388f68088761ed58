import type { SparklineSubject } from '@sensor-sentinel/contracts';
import { toFeatureTitle } from '../../format/feature-title.ts';
import { formatDecimal, formatPercent } from '../../format/format-number.ts';
import styles from './sensors-view.module.css';
import { toBars } from './to-bars.ts';

const [stepWidth, height] = [4, 26];

function toText(values: readonly (number | null)[], subject: SparklineSubject): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'No readings in the last hour';
  const [min, max] = [Math.min(...known), Math.max(...known)];
  if (subject === 'anomaly_rate')
    return `Anomaly rate in the last hour: up to ${formatPercent(max)} in two minutes`;
  const { title, unit } = toFeatureTitle(subject);
  return `${title} in the last hour: ${formatDecimal(min)} to ${formatDecimal(max)} ${unit}`;
}

interface SensorSparklineProps {
  values: readonly (number | null)[];
  subject: SparklineSubject;
}

/** The last hour of a sensor; each bar is two minutes. */
export function SensorSparkline({ values, subject }: SensorSparklineProps) {
  const text = toText(values, subject);
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 0 ${values.length * stepWidth} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      {toBars(values, subject).map((bar) => (
        <rect
          key={bar.step}
          data-anomaly={(subject === 'anomaly_rate' && values[bar.step] !== 0) || undefined}
          x={bar.step * stepWidth + 0.5}
          y={bar.top * height}
          width={stepWidth - 1}
          height={bar.height * height}
        />
      ))}
    </svg>
  );
}
