import { memo } from 'react';
import type { Span } from '../charts/time-ticks.ts';
import type { Band } from '../charts/to-bands.ts';
import styles from './charts.module.css';

interface IncidentBandsProps {
  bands: readonly Band[];
  span: Span;
}

function Bands({ bands, span }: IncidentBandsProps) {
  const toPercent = (ms: number) => `${(100 * ms) / (span.toMs - span.fromMs)}%`;
  return (
    <div className={styles.incidents} aria-hidden="true">
      {bands.map(({ key, fromMs, toMs }) => (
        <div
          key={key}
          className={styles.incident}
          style={{ left: toPercent(fromMs - span.fromMs), width: toPercent(toMs - fromMs) }}
        />
      ))}
    </div>
  );
}

/** Bands behind all charts; the crosshair text describes them. */
export const IncidentBands = memo(Bands);
