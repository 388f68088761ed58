import { formatAmount, formatCount, formatPercent } from '../../format/format-number.ts';

/** Of how many of how many readings the truth is known: the two are counted one after the other. */
export function describeLabelled(labelled: number, readings: number): string {
  if (labelled === 0) return `truth known of none of ${formatAmount(readings, 'reading')}`;
  const of = `truth known of ${formatCount(labelled)} of ${formatAmount(Math.max(readings, labelled), 'reading')}`;
  return labelled >= readings ? of : `${of} (${formatPercent(labelled / readings)})`;
}
