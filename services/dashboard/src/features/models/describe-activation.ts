import type { Activation } from '@sensor-sentinel/contracts';
import { formatAmount, formatCount, formatPercent, formatSigned } from '../../ui/format-number.ts';
import type { LoadedModel } from './model-rows.ts';

type Gate = Activation['gate'];

interface GateReport {
  /** Only `passed` is shown as success: without readings, nothing was compared. */
  result: 'passed' | 'refused' | 'not-checked';
  title: string;
}

/** Whether as few predictions would change as the limit allows. */
export function toGateReport({ checked, passed, max_changed }: Gate): GateReport {
  if (!checked) return { result: 'not-checked', title: 'Not checked.' };
  const limit = `at most ${formatLimit(max_changed)} may change`;
  return passed
    ? { result: 'passed', title: `Within the limit: ${limit}.` }
    : { result: 'refused', title: `Too many changes: ${limit}.` };
}

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
  return `${Number((100 * share).toFixed(1))} %`;
}

/** The share to accept: what would change, rounded up to the next tenth. */
export function toAcceptedShare({ changed_share }: Gate): number {
  return Math.min(1, (Math.floor(changed_share * 10) + 1) / 10);
}

/** Recall and precision of the model in use and of the one to activate, on the same readings. */
export interface Comparison {
  title: string;
  note: string | null;
  metrics: ComparedMetric[];
}

interface ComparedMetric {
  name: string;
  inUse: string;
  candidate: string;
  change: string;
  isWorse: boolean;
}

/** On the rows that each model was not trained on. Imported models have none. */
export function compareOnHeldOut(candidate: LoadedModel, inUse: LoadedModel | undefined): Comparison {
  const [after, before] = [candidate, inUse].map((model) =>
    model?.origin.kind === 'trained' ? model.origin : null,
  );
  const title = 'On held-out data';
  const metrics = compareMetrics(after?.test, before?.test);
  const imported = [candidate, inUse].flatMap((model) =>
    model?.origin.kind === 'imported' ? [model.name] : [],
  );
  if (imported.length > 0) {
    return { title, metrics, note: `Imported models have no held-out data: ${imported.join(', ')}.` };
  }
  const isSame = before?.data_sha256 === after?.data_sha256 && before?.seed === after?.seed;
  const isComparable = before == null || isSame;
  return { title, metrics, note: isComparable ? null : 'The two models were tested on different rows.' };
}

/** With less feedback, a single reading would change a ratio too much. */
const leastFeedback = 20;

/** On readings with feedback, if there are enough; undefined until they are known. */
export function compareOnFeedback(feedback: Activation['feedback'] | undefined): Comparison {
  if (feedback === undefined) return { title: 'On feedback', metrics: [], note: null };
  const { readings, candidate, in_use } = feedback;
  if (readings < leastFeedback) {
    const known = readings === 0 ? 'No reading has' : `Only ${formatAmount(readings, 'reading')} with`;
    const note = `${known} feedback yet. The comparison needs ${leastFeedback}.`;
    return { title: 'On feedback', metrics: [], note };
  }
  const metrics = compareMetrics(candidate, in_use);
  return { title: `On ${readings} readings with feedback`, metrics, note: null };
}

interface Metrics {
  recall: number | null;
  precision: number | null;
}

const metricNames = { recall: 'Anomalies found (recall)', precision: 'Alarms that are right (precision)' };

function compareMetrics(after: Metrics | null | undefined, before: Metrics | null | undefined) {
  return (['recall', 'precision'] as const).map((metric): ComparedMetric => {
    const [candidate, inUse] = [after?.[metric] ?? null, before?.[metric] ?? null];
    const points = candidate === null || inUse === null ? null : 100 * (candidate - inUse);
    return {
      name: metricNames[metric],
      inUse: inUse === null ? '–' : formatPercent(inUse),
      candidate: candidate === null ? '–' : formatPercent(candidate),
      change: formatPoints(points),
      isWorse: points !== null && points <= -0.05,
    };
  });
}

/** `+3.2 points`, `no change`; in percentage points. */
function formatPoints(points: number | null): string {
  if (points === null) return '–';
  return Math.abs(points) < 0.05 ? 'no change' : `${formatSigned(points, 1)} points`;
}
