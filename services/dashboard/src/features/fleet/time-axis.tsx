import { fromWallMs, toWallMs, type Zone } from '../time/zone.ts';
import { useZone } from '../url-state/url-state-context.ts';
import styles from './fleet.module.css';
import type { Scale } from './fleet-cells.ts';

const leastTickDistance = 70;

/** The times below the rows. */
export function TimeAxis({ scale }: { scale: Scale }) {
  const zone = useZone();
  return (
    <div className={styles.axis} style={{ width: scale.width }} aria-hidden="true">
      {listTicks(scale, zone).map(({ timeMs, text }) => (
        <span
          key={timeMs}
          style={{ left: `${(100 * (timeMs - scale.fromMs)) / (scale.toMs - scale.fromMs)}%` }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const steps = [
  ...[1, 5, 10, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * dayMs),
];

/** Round times on the clock of the zone: `15:04`, `15:04:30` or, at midnight, `11-22`. */
export function listTicks({ fromMs, toMs, width }: Scale, zone: Zone): { timeMs: number; text: string }[] {
  const most = Math.max(2, Math.floor(width / leastTickDistance));
  const stepMs = steps.find((step) => (toMs - fromMs) / step <= most) ?? 5 * 365 * dayMs;
  const firstMs = Math.ceil(toWallMs(fromMs, zone) / stepMs) * stepMs;
  const count = Math.max(0, Math.floor((toWallMs(toMs, zone) - firstMs) / stepMs) + 1);
  return Array.from({ length: count }, (_, place) => firstMs + place * stepMs).map((wallMs) => {
    const text = new Date(wallMs).toISOString();
    const time = stepMs < minuteMs ? text.slice(11, 19) : text.slice(11, 16);
    return { timeMs: fromWallMs(wallMs, zone), text: wallMs % dayMs === 0 ? text.slice(5, 10) : time };
  });
}
