import { formatAmount, formatCount, formatPercent } from '../../ui/format-number.ts';

/** `3 of 1 200 readings labeled (0.3 %)`. The two counts come from different queries, so `labeled` may be larger. */
export function describeLabeled(labeled: number, readings: number): string {
  if (labeled === 0) return `0 of ${formatAmount(readings, 'reading')} labeled`;
  const text = `${formatCount(labeled)} of ${formatAmount(Math.max(readings, labeled), 'reading')} labeled`;
  return labeled >= readings ? text : `${text} (${formatPercent(labeled / readings)})`;
}
