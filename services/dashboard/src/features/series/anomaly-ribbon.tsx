import { memo, useMemo } from 'react';
import { formatAmount, formatPercent } from '../../ui/format-number.ts';
import type { SeriesPoints } from '../charts/series-points.ts';
import type { Span } from '../charts/time-ticks.ts';
import styles from './charts.module.css';
import { type RibbonColumn, toRibbon } from './to-ribbon.ts';

interface AnomalyRibbonProps {
  points: SeriesPoints;
  span: Span;
  /** Maximum number of columns. */
  most: number;
  /** Text about the point at the crosshair. */
  readout: string;
}

const height = 24;

function toPath(columns: readonly RibbonColumn[], toHeight: (column: RibbonColumn) => number): string {
  return columns
    .map((column) => `M${column.place} ${height}v${-height * toHeight(column)}h1V${height}z`)
    .join('');
}

function Columns({ points, span, most }: Omit<AnomalyRibbonProps, 'readout'>) {
  const { columns, count, highest } = useMemo(() => toRibbon(points, span, most), [points, span, most]);
  const { series } = points;
  const label = `Anomaly ribbon: ${formatAmount(series.anomalies, 'anomaly')} of ${formatAmount(series.count, 'reading')}, highest share ${formatPercent(highest)}`;
  return (
    <svg
      className={styles.ribbon}
      viewBox={`0 0 ${count} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className={styles.ribbonRead} d={toPath(columns, () => 1)} />
      <path
        className={styles.ribbonShare}
        d={toPath(
          columns.filter(({ share }) => share > 0),
          ({ mark }) => mark,
        )}
      />
    </svg>
  );
}

const ShownColumns = memo(Columns);

/** The share of anomalies over time, on the time axis of the charts. */
export function AnomalyRibbon({ points, span, most, readout }: AnomalyRibbonProps) {
  return (
    <div className={styles.chart}>
      <div className={styles.head}>
        <h3 className={styles.title}>
          Anomalies <span className={styles.unit}>(share of readings)</span>
        </h3>
        <output className={styles.ribbonReadout} aria-label="Anomalies at the crosshair" aria-live="off">
          {readout}
        </output>
      </div>
      <div className={styles.ribbonFrame}>
        <ShownColumns points={points} span={span} most={most} />
      </div>
    </div>
  );
}
