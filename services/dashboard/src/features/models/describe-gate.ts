import type { Activation } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';

type Gate = Activation['gate'];

/** `12 of the last 1 000 readings would be predicted differently (1.2 %): …` */
export function describeGate({ readings, changed, to_anomaly, to_normal, changed_share }: Gate): string {
  if (readings === 0) return 'No scored readings are stored yet, so there is nothing to compare.';
  const recent = `the last ${formatAmount(readings, 'reading')}`;
  if (changed === 0) return `None of ${recent} would be predicted differently.`;
  return (
    `${formatCount(changed)} of ${recent} would be predicted differently (${formatPercent(changed_share)}): ` +
    `${formatCount(to_anomaly)} to anomaly, ${formatCount(to_normal)} to normal.`
  );
}

/** `10 %`, `12.5 %` */
export function formatLimit(share: number): string {
  return `${formatDecimal(100 * share).replace(/\.0$/, '')} %`;
}

/** Only `passed` is shown as success: without readings, nothing was compared. */
export function toGateResult({ checked, passed }: Gate): 'passed' | 'refused' | 'not-checked' {
  if (!checked) return 'not-checked';
  return passed ? 'passed' : 'refused';
}

export function describeGateResult({ checked, passed, max_changed }: Gate): string {
  if (!checked) return 'Not checked.';
  const limit = `at most ${formatLimit(max_changed)} may change`;
  return passed ? `Within the limit: ${limit}.` : `Too many changes: ${limit}.`;
}

/** The share to accept: what would change, rounded up to the next tenth. */
export function toAcceptedShare({ changed_share }: Gate): number {
  return Math.min(1, (Math.floor(changed_share * 10) + 1) / 10);
}
