import { memo } from 'react';
import type { Span } from '../../plot/time-ticks.ts';
import type { Band } from '../../plot/to-bands.ts';
import styles from './charts.module.css';

interface EpisodeBandsProps {
  bands: readonly Band[];
  span: Span;
}

function Bands({ bands, span }: EpisodeBandsProps) {
  const toPercent = (ms: number) => `${(100 * ms) / (span.toMs - span.fromMs)}%`;
  return (
    <div className={styles.episodes} aria-hidden="true">
      {bands.map(({ key, fromMs, toMs }) => (
        <div
          key={key}
          className={styles.episode}
          style={{ left: toPercent(fromMs - span.fromMs), width: toPercent(toMs - fromMs) }}
        />
      ))}
    </div>
  );
}

/** Bands behind all charts; the crosshair text describes them. */
export const EpisodeBands = memo(Bands);
