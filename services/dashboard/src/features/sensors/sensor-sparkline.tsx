import { anomalyRate, type Feature } from '@sensor-sentinel/contracts';
import { formatPercent } from '../../ui/format-number.ts';
import { findFeature, formatValue, formatWithUnit } from '../types/format-feature.ts';
import { useSensorType } from '../url-state/url-state-context.ts';
import styles from './sensors.module.css';
import { toBars } from './to-bars.ts';

const [stepWidth, height] = [4, 26];

/** @param feature null: the values are anomaly rates */
function toText(values: readonly (number | null)[], feature: Feature | null): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'No values in the last hour';
  const [min, max] = [Math.min(...known), Math.max(...known)];
  if (feature === null) return `Anomaly rate in the last hour: up to ${formatPercent(max)} in two minutes`;
  return `${feature.title} in the last hour: ${formatValue(min, feature)} to ${formatWithUnit(max, feature)}`;
}

interface SensorSparklineProps {
  values: readonly (number | null)[];
  /** `anomaly_rate`, or the name of a feature. */
  subject: string;
}

/** The last hour of a sensor; each bar is two minutes. */
export function SensorSparkline({ values, subject }: SensorSparklineProps) {
  const { features } = useSensorType();
  const text = toText(values, subject === anomalyRate ? null : findFeature(features, subject));
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
          data-anomaly={(subject === anomalyRate && values[bar.step] !== 0) || undefined}
          x={bar.step * stepWidth + 0.5}
          y={bar.top * height}
          width={stepWidth - 1}
          height={bar.height * height}
        />
      ))}
    </svg>
  );
}
