import type { Activation } from '@sensor-sentinel/contracts';
import {
  formatAmount,
  formatCount,
  formatDecimal,
  formatPercent,
  formatSigned,
} from '../../ui/format-number.ts';
import type { LoadedModel } from './model-rows.ts';

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

/** A metric of the model in use and of the one to activate; null where it is unknown. */
export interface MetricChange {
  name: string;
  inUse: number | null;
  candidate: number | null;
}

type Metrics = Partial<Record<'recall' | 'precision', number | null>>;

function toChanges(candidate: Metrics | null, inUse: Metrics | null): MetricChange[] {
  return [
    {
      name: 'Anomalies found (recall)',
      inUse: inUse?.recall ?? null,
      candidate: candidate?.recall ?? null,
    },
    {
      name: 'Alarms that were real (precision)',
      inUse: inUse?.precision ?? null,
      candidate: candidate?.precision ?? null,
    },
  ];
}

/** Metrics on the rows that each model was not trained on. Imported models have none. */
export function toHeldOutChanges(
  candidate: LoadedModel,
  inUse: LoadedModel | undefined,
): { changes: MetricChange[]; note: string | null } {
  const [after, before] = [candidate, inUse].map((model) =>
    model?.origin.kind === 'trained' ? model.origin : null,
  );
  const isSame = before?.data_sha256 === after?.data_sha256 && before?.seed === after?.seed;
  const imported = [candidate, inUse].filter((model) => model?.origin.kind === 'imported');
  const note =
    imported.length > 0
      ? `Imported models have no held-out data: ${imported.map((model) => model?.name).join(', ')}.`
      : before !== null && !isSame
        ? 'The two models were tested on different rows.'
        : null;
  return { changes: toChanges(after?.test ?? null, before?.test ?? null), note };
}

/** With less feedback, a single reading would change a ratio too much. */
export const leastFeedback = 20;

/** Null with too little feedback. */
export function toFeedbackChanges({
  readings,
  candidate,
  in_use,
}: Activation['feedback']): MetricChange[] | null {
  return readings < leastFeedback ? null : toChanges(candidate, in_use);
}

export function describeLittleFeedback({ readings }: Activation['feedback']): string {
  const known = readings === 0 ? 'No reading has' : `Only ${formatAmount(readings, 'reading')} with`;
  return `${known} feedback yet. The comparison needs ${leastFeedback}.`;
}

/** In percentage points; null where a value is unknown. */
export function toPoints({ inUse, candidate }: MetricChange): number | null {
  return inUse === null || candidate === null ? null : 100 * (candidate - inUse);
}

/** `+3.2 points`, `no change` */
export function formatPoints(points: number | null): string {
  if (points === null) return '–';
  return Math.abs(points) < 0.05 ? 'no change' : `${formatSigned(points, 1)} points`;
}
