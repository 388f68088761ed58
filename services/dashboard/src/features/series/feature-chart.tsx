import type { Feature } from '@sensor-sentinel/contracts';
import { Suspense, useMemo } from 'react';
import { useTheme } from '../../ui/theme/theme-provider.tsx';
import { describeSeries } from '../charts/describe-series.ts';
import { LazyPlot } from '../charts/lazy-plot.tsx';
import { plotPalettes } from '../charts/plot-palette.ts';
import { type SeriesPoints, toColumn, toExtremes } from '../charts/series-points.ts';
import type { Span, TimeTick } from '../charts/time-ticks.ts';
import { type NormalRange, toLayout } from '../charts/to-layout.ts';
import { toTraces } from '../charts/to-traces.ts';
import { toValueScale } from '../charts/value-scale.ts';
import { toLeastRange } from '../types/format-feature.ts';
import { AnomalyMarks } from './anomaly-marks.tsx';
import styles from './charts.module.css';
import { describeValue } from './describe-point.ts';

interface FeatureChartProps {
  feature: Feature;
  points: SeriesPoints;
  span: Span;
  ticks: readonly TimeTick[];
  normalRange: NormalRange | null;
  /** The index of the point at the crosshair. */
  pointed: number | null;
}

export function FeatureChart(props: FeatureChartProps) {
  const { feature, points, span, ticks, normalRange, pointed } = props;
  const { name, title, unit } = feature;
  const { series } = points;
  const palette = plotPalettes[useTheme().resolved];
  const traces = useMemo(() => toTraces(points, { feature: name, palette }), [points, name, palette]);
  const least = toLeastRange(feature);
  const scale = useMemo(() => {
    const { lowest, highest } = toExtremes(series, name);
    return toValueScale([...lowest, ...highest], { least });
  }, [series, name, least]);
  const layout = useMemo(
    () => toLayout({ span, ticks, scale, normalRange, palette }),
    [span, ticks, scale, normalRange, palette],
  );
  const value = pointed === null ? null : (toColumn(series, name)[pointed] ?? null);
  const timeMs = pointed === null ? undefined : points.timesMs[pointed];
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        <h3 className={styles.title}>
          {title} {unit !== '' && <span className={styles.unit}>({unit})</span>}
        </h3>
        <output className={styles.readout} aria-label={`${title} at the crosshair`} aria-live="off">
          {pointed !== null && describeValue(points, pointed, feature)}
        </output>
      </figcaption>
      <div className={styles.plot} role="img" aria-label={describeSeries(points, feature)}>
        <Suspense fallback={<div className={styles.plotSkeleton} />}>
          <LazyPlot traces={traces} layout={layout} />
        </Suspense>
        <div className={styles.plotArea}>
          <AnomalyMarks feature={name} points={points} span={span} scale={scale} />
          {value !== null && timeMs !== undefined && (
            <span
              className={styles.dot}
              style={{
                left: `${(100 * (timeMs - span.fromMs)) / (span.toMs - span.fromMs)}%`,
                top: `${(100 * (scale.high - value)) / (scale.high - scale.low)}%`,
              }}
            />
          )}
        </div>
      </div>
    </figure>
  );
}
