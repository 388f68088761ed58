import type { Activation } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../format/format-number.ts';

type Gate = Activation['gate'];

/** What another model would change: `12 of the last 1 000 readings would get another label (1.2 %): …` */
export function describeGate({ readings, changed, to_anomaly, to_normal, changed_share }: Gate): string {
  if (readings === 0) return 'No readings are stored yet, so there is nothing to compare.';
  const replayed = `the last ${formatAmount(readings, 'reading')}`;
  if (changed === 0) return `None of ${replayed} would get another label.`;
  return (
    `${formatCount(changed)} of ${replayed} would get another label (${formatPercent(changed_share)}): ` +
    `${formatCount(to_anomaly)} to anomaly, ${formatCount(to_normal)} to normal.`
  );
}

/** `10 %`, as it was given. */
export function formatLimit(share: number): string {
  return `${formatDecimal(100 * share).replace(/\.0$/, '')} %`;
}

export function describeVerdict({ passed, max_changed }: Gate): string {
  const limit = `at most ${formatLimit(max_changed)} may change`;
  return passed ? `Within the limit: ${limit}.` : `Too many: ${limit}.`;
}

/** The next tenth above what would change: to accept that much, and not just anything. */
export function toAcceptedShare({ changed_share }: Gate): number {
  return Math.min(1, (Math.floor(changed_share * 10) + 1) / 10);
}
