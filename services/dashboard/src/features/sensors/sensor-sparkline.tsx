import { anomalyRate, type Feature } from '@sensor-sentinel/contracts';
import { formatPercent } from '../../ui/format-number.ts';
import { findFeature, formatValue, formatWithUnit } from '../types/format-feature.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import styles from './sensors.module.css';

const [stepWidth, height] = [4, 26];

/** The last hour of a sensor; each bar is two minutes. */
export function SensorSparkline({ values }: { values: readonly (number | null)[] }) {
  const { sparkline: subject } = useUrlState().state.sensorList;
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

/** @param feature null: the values are anomaly rates */
function toText(values: readonly (number | null)[], feature: Feature | null): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'No values in the last hour';
  const [min, max] = [Math.min(...known), Math.max(...known)];
  if (feature === null) return `Anomaly rate in the last hour: up to ${formatPercent(max)} in two minutes`;
  return `${feature.title} in the last hour: ${formatValue(min, feature)} to ${formatWithUnit(max, feature)}`;
}

/** A bar of a sparkline; top and height are shares of the total height, measured from the top. */
interface Bar {
  step: number;
  top: number;
  height: number;
}

/** Height of a stroke, and the minimum height of a bar. */
const [strokeHeight, minBarHeight] = [0.12, 0.04];

/**
 * Anomaly rates are bars from the bottom, full height at 1. Feature values are short strokes, scaled to the minimum and
 * maximum of the sparkline. Nulls have no bar.
 */
export function toBars(values: readonly (number | null)[], subject: string): Bar[] {
  const known = values.flatMap((value, step) => (value === null ? [] : [{ step, value }]));
  const numbers = known.map(({ value }) => value);
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  return known.map(({ step, value }) => {
    if (subject === anomalyRate) {
      const height = Math.max(minBarHeight, value);
      return { step, top: 1 - height, height };
    }
    const share = min === max ? 0.5 : (value - min) / (max - min);
    return { step, top: (1 - share) * (1 - strokeHeight), height: strokeHeight };
  });
}
