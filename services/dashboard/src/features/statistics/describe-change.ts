import { formatDuration } from '../../ui/format-duration.ts';
import { formatSigned } from '../../ui/format-number.ts';

interface Compared {
  now: number;
  /** Null without readings in the previous window. */
  before: number | null;
  durationMs: number;
  /** Formats the previous value. */
  format: (value: number) => string;
  digits: number;
  /** The unit of the change, if it differs from that of `format`: percentages differ by points. */
  unit?: string;
}

/** `+0.4 from 23.6 °C in the previous 15 min` */
export function describeChange({ now, before, durationMs, format, digits, unit }: Compared): string {
  const window = `the previous ${formatDuration(durationMs)}`;
  if (before === null) return `No readings in ${window} to compare with`;
  const change = [formatSigned(now - before, digits), unit].filter(Boolean).join(' ');
  const isSame = Number((now - before).toFixed(digits)) === 0;
  return isSame
    ? `Unchanged from ${format(before)} in ${window}`
    : `${change} from ${format(before)} in ${window}`;
}
