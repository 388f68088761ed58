import type { Episode } from '@sensor-sentinel/contracts';
import { formatAmount } from '../format/format-number.ts';
import { isolateName } from '../format/isolate-name.ts';
import type { Span } from './time-ticks.ts';

/** An alert episode as a range of the time axis. */
export interface Band extends Span {
  key: string;
  text: string;
}

/** As a share of the window. Shorter episodes would be a line, which the ribbon and the marks show better. */
const shortestShare = 0.003;

/** The bands of the episodes that are long enough to be visible. An open episode extends to the end of the window. */
export function toBands(episodes: readonly Episode[], { fromMs, toMs }: Span): Band[] {
  return episodes.flatMap(({ sensor_id, state, start, end, count }) => {
    const band = {
      key: `${start} ${sensor_id}`,
      fromMs: Math.max(fromMs, Date.parse(start)),
      toMs: state === 'open' ? toMs : Math.min(toMs, Date.parse(end)),
      text: `alert episode of ${isolateName(sensor_id)}, ${formatAmount(count, 'anomaly')}`,
    };
    return band.toMs - band.fromMs < (toMs - fromMs) * shortestShare ? [] : [band];
  });
}

/** The first band at a time. */
export function findBand(bands: readonly Band[], timeMs: number): Band | undefined {
  return bands.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs);
}
