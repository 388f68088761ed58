import type { Incident } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { toEndedAt, toIncidentTitle } from '../incidents/describe-incident.ts';
import type { Span } from './time-ticks.ts';

/** An incident as a range of the time axis. */
export interface Band extends Span {
  key: string;
  text: string;
}

/** As a share of the window. Shorter incidents would be a line, which the ribbon and the marks show better. */
const shortestShare = 0.003;

/** The bands of the incidents that are long enough to be visible. A firing incident extends to the end of the window. */
export function toBands(incidents: readonly Incident[], { fromMs, toMs }: Span): Band[] {
  return incidents.flatMap((incident) => {
    const endedAt = toEndedAt(incident);
    const band = {
      key: incident.id,
      fromMs: Math.max(fromMs, Date.parse(incident.started_at)),
      toMs: endedAt === null ? toMs : Math.min(toMs, Date.parse(endedAt)),
      text: describeBand(incident),
    };
    return band.toMs - band.fromMs < (toMs - fromMs) * shortestShare ? [] : [band];
  });
}

/** `Anomalies, hall · 12 readings · firing` */
function describeBand(incident: Incident): string {
  const readings = formatAmount(incident.readings, 'reading');
  return `${toIncidentTitle(incident)} · ${readings}${incident.state === 'firing' ? ' · firing' : ''}`;
}

/** The first band at a time, and how many more there are; null if there is none. */
export function describeBands(bands: readonly Band[], timeMs: number): string | null {
  const [first, ...others] = bands.filter(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs);
  if (first === undefined) return null;
  return others.length === 0 ? first.text : `${first.text}, and ${formatCount(others.length)} more`;
}
