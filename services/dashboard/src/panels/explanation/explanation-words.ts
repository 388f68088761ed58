import type { Explanation, Vote } from '@sensor-sentinel/contracts';
import { toFeatureTitle } from '../../format/feature-title.ts';
import { formatAmount, formatMeasure } from '../../format/format-number.ts';

const labels = ['Normal', 'An anomaly'] as const;

/** With a no-break space. */
function toText(value: number, unit: string): string {
  return `${formatMeasure(value)}\u00a0${unit}`.trim();
}

/** Rounded in the direction of the change, so that the rounded value still flips the prediction. */
function toChangedText(value: number, change: number, unit: string): string {
  const round = change < 0 ? Math.floor : Math.ceil;
  // Removes binary rounding errors first, so that 23.4 does not become 23.401.
  return toText(round(Number((value * 1000).toFixed(6))) / 1000, unit);
}

/** `Normal if temperature were 23.4 °C instead of 27.8 °C.` */
export function describeCounterfactual({ counterfactual, contributions }: Explanation): string {
  if (counterfactual === null) return 'No change to a single feature would change this prediction.';
  const { feature, value, change, prediction } = counterfactual;
  const { title, unit } = toFeatureTitle(feature);
  const now = contributions.find((contribution) => contribution.feature === feature)?.value ?? value - change;
  const changed = toChangedText(value, change, unit);
  return `${labels[prediction]} if ${title.toLowerCase()} were ${changed} instead of ${toText(now, unit)}.`;
}

/** Summarizes whether the loaded models agree. */
export function describeVotes(votes: readonly Vote[]): string {
  const anomalies = votes.filter(({ prediction }) => prediction === 1).length;
  if (votes.length === 1) return 'One model is loaded.';
  if (anomalies === 0) return `All ${formatAmount(votes.length, 'model')} predict normal.`;
  if (anomalies === votes.length) return `All ${formatAmount(votes.length, 'model')} predict anomaly.`;
  return `${anomalies} of ${formatAmount(votes.length, 'model')} ${anomalies === 1 ? 'predicts' : 'predict'} anomaly.`;
}
