import { memo, useMemo, useRef } from 'react';
import type { SeriesPoints } from '../charts/series-points.ts';
import type { Span } from '../charts/time-ticks.ts';
import { listAnomalies, toDiamonds } from '../charts/to-diamonds.ts';
import { useSize } from '../charts/use-size.ts';
import type { ValueScale } from '../charts/value-scale.ts';
import styles from './charts.module.css';

interface AnomalyMarksProps {
  feature: string;
  points: SeriesPoints;
  span: Span;
  scale: ValueScale;
}

function Marks({ feature, points, span, scale }: AnomalyMarksProps) {
  const element = useRef<SVGSVGElement>(null);
  const size = useSize(element);
  const path = useMemo(
    () => size && toDiamonds(listAnomalies(points, feature), { span, scale, ...size }),
    [points, feature, span, scale, size],
  );
  return (
    <svg ref={element} className={styles.marks} aria-hidden="true">
      {path !== null && <path d={path} />}
    </svg>
  );
}

/** Marks anomalies on a chart by shape and color. */
export const AnomalyMarks = memo(Marks);
