import type { Span, TimeTick } from '../charts/time-ticks.ts';
import styles from './charts.module.css';

interface TimeAxisProps {
  span: Span;
  ticks: readonly TimeTick[];
}

/** The shared time axis of the charts. */
export function TimeAxis({ span, ticks }: TimeAxisProps) {
  return (
    <div className={styles.axis} aria-hidden="true">
      {ticks.map(({ timeMs, text, date }) => (
        <span
          key={timeMs}
          className={styles.tick}
          style={{ left: `${(100 * (timeMs - span.fromMs)) / (span.toMs - span.fromMs)}%` }}
        >
          {text}
          {date !== null && <span className={styles.date}>{date}</span>}
        </span>
      ))}
    </div>
  );
}
