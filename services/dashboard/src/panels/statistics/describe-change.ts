import { formatDuration } from '../../format/format-duration.ts';
import { formatSigned } from '../../format/format-number.ts';

interface Compared {
  now: number;
  /** Null where there was nothing. */
  before: number | null;
  durationMs: number;
  /** How a figure is written, without its sign. */
  format: (value: number) => string;
  digits: number;
  /** Of the change, where it is not what `format` writes: percents differ by points. */
  unit?: string;
}

/** `+0.4 from 23.6 °C of the 15 min before`. */
export function describeChange({ now, before, durationMs, format, digits, unit }: Compared): string {
  const window = `the ${formatDuration(durationMs)} before`;
  if (before === null) return `Nothing in ${window} to compare with`;
  const change = [formatSigned(now - before, digits), unit].filter(Boolean).join(' ');
  const isSame = Number((now - before).toFixed(digits)) === 0;
  return isSame
    ? `The same as the ${format(before)} of ${window}`
    : `${change} from ${format(before)} of ${window}`;
}
