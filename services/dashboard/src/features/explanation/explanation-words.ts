import type { Explanation, Feature, Vote } from '@sensor-sentinel/contracts';
import { formatAmount } from '../../ui/format-number.ts';
import { findFeature, formatMeasured, toDigits } from '../types/format-feature.ts';
import { toContributionRows } from './contribution-rows.ts';

const labels = ['Normal', 'An anomaly'] as const;

/** With a no-break space. */
function toText(value: number, feature: Feature): string {
  return formatMeasured(value, feature).replace(' ', '\u00a0');
}

/** Rounded in the direction of the change, so that the rounded value still flips the prediction. */
function roundOnwards(value: number, change: number, { decimals }: Feature): number {
  const round = change < 0 ? Math.floor : Math.ceil;
  const scale = 10 ** (decimals ?? Math.max(3, toDigits(value, { decimals })));
  // Removes binary rounding errors first, so that 23.4 does not become 23.401.
  return round(Number((value * scale).toFixed(6))) / scale;
}

/** `Normal if temperature were 23.4 °C instead of 27.8 °C.` */
export function describeCounterfactual(
  { counterfactual, contributions }: Explanation,
  features: readonly Feature[],
): string {
  if (counterfactual === null) return 'No change to a single feature would change this prediction.';
  const { feature: name, value, change, prediction } = counterfactual;
  const feature = findFeature(features, name);
  const now = contributions.find((contribution) => contribution.feature === name)?.value ?? value - change;
  const changed = toText(roundOnwards(value, change, feature), feature);
  return `${labels[prediction]} if ${feature.title.toLowerCase()} were ${changed} instead of ${toText(now, feature)}.`;
}

/** The two features that raise the score most: `Raised mostly by humidity (44.0 %) and noise level (85.0 dB).` */
export function describeCauses({ contributions }: Explanation, features: readonly Feature[]): string {
  const causes = toContributionRows(contributions, features)
    .filter(({ tone }) => tone === 'anomaly')
    .slice(0, 2)
    .map(({ title, value }) => `${title.toLowerCase()} (${value.replace(' ', '\u00a0')})`);
  return causes.length === 0 ? 'No feature raises the score.' : `Raised mostly by ${causes.join(' and ')}.`;
}

/** Summarizes whether the loaded models agree. */
export function describeVotes(votes: readonly Vote[]): string {
  const anomalies = votes.filter(({ prediction }) => prediction === 1).length;
  if (votes.length === 1) return 'One model is loaded.';
  if (anomalies === 0) return `All ${formatAmount(votes.length, 'model')} predict normal.`;
  if (anomalies === votes.length) return `All ${formatAmount(votes.length, 'model')} predict anomaly.`;
  return `${anomalies} of ${formatAmount(votes.length, 'model')} ${anomalies === 1 ? 'predicts' : 'predict'} anomaly.`;
}
