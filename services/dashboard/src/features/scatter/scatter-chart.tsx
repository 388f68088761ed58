import { useMemo, useRef } from 'react';
import { useNormalRanges } from '../charts/use-normal-ranges.ts';
import { type Size, useSize } from '../charts/use-size.ts';
import { toPredictionTitle } from '../readings/prediction-title.ts';
import { toTitleWithUnit } from '../types/format-feature.ts';
import { listPredictions } from './describe-scatter.ts';
import { PointFinder } from './point-finder.tsx';
import type { Axes } from './scatter-axes.ts';
import styles from './scatter-panel.module.css';
import { type ScatterScales, scatterMargin, toMarks, toScales } from './to-marks.ts';
import type { ScatterPoint } from './to-scatter-points.ts';

interface ScatterChartProps {
  points: readonly ScatterPoint[];
  axes: Axes;
  label: string;
}

export function ScatterChart({ points, axes, label }: ScatterChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  return (
    <figure className={styles.figure}>
      <ul className={styles.legend} aria-label="Scatter plot legend">
        {listPredictions(points).map((prediction) => (
          <li key={prediction}>
            <span className={toKeyStyle(prediction)} /> {toPredictionTitle(prediction)}
          </li>
        ))}
      </ul>
      <div ref={frame} className={styles.frame}>
        {size !== null && <Drawing points={points} axes={axes} label={label} size={size} />}
      </div>
    </figure>
  );
}

function toKeyStyle(prediction: 0 | 1 | null): string | undefined {
  if (prediction === null) return styles.unscoredKey;
  return prediction === 1 ? styles.anomalyKey : styles.normalKey;
}

function Drawing({ points, axes, label, size }: ScatterChartProps & { size: Size }) {
  const scales = useMemo(() => toScales(points, axes, size), [points, axes, size]);
  const marks = useMemo(() => toMarks(points, scales), [points, scales]);
  return (
    <>
      <div className={styles.drawing} role="img" aria-label={label}>
        <svg width={size.width} height={size.height} aria-hidden="true">
          <Grid scales={scales} axes={axes} size={size} />
          <NormalBox scales={scales} axes={axes} />
          <path className={styles.unscored} d={marks.unscored} />
          <path className={styles.normal} d={marks.normal} />
          <path className={styles.anomalous} d={marks.anomalous} />
        </svg>
      </div>
      <PointFinder points={points} axes={axes} scales={scales} size={size} />
    </>
  );
}

function Grid({ scales, axes, size }: { scales: ScatterScales; axes: Axes; size: Size }) {
  const { left } = scales;
  const { right, top, bottom } = scatterMargin;
  const [endX, endY] = [size.width - right, size.height - bottom];
  return (
    <g className={styles.grid}>
      {scales.x.ticks.map((value) => (
        <g key={value} transform={`translate(${scales.toX(value)} 0)`}>
          <line y1={top} y2={endY} />
          <text y={endY + 15} textAnchor="middle">
            {value}
          </text>
        </g>
      ))}
      {scales.y.ticks.map((value) => (
        <g key={value} transform={`translate(0 ${scales.toY(value)})`}>
          <line x1={left} x2={endX} />
          <text x={left - 6} dy="0.32em" textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      <text x={(left + endX) / 2} y={size.height - 4} textAnchor="middle">
        {toTitleWithUnit(axes.x)}
      </text>
      <text transform={`translate(11 ${(top + endY) / 2}) rotate(-90)`} textAnchor="middle">
        {toTitleWithUnit(axes.y)}
      </text>
    </g>
  );
}

/** The normal range of both features in the training data. */
function NormalBox({ scales: { x, y, toX, toY }, axes }: { scales: ScatterScales; axes: Axes }) {
  const ranges = useNormalRanges();
  const [across, upwards] = [ranges?.[axes.x.name], ranges?.[axes.y.name]];
  if (across === undefined || upwards === undefined) return null;
  const [left, right] = [Math.max(across.low, x.low), Math.min(across.high, x.high)];
  const [low, high] = [Math.max(upwards.low, y.low), Math.min(upwards.high, y.high)];
  if (left >= right || low >= high) return null;
  return (
    <rect
      className={styles.normalBox}
      x={toX(left)}
      y={toY(high)}
      width={toX(right) - toX(left)}
      height={toY(low) - toY(high)}
    />
  );
}
