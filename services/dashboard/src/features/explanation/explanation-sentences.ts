import type { Contribution, Explanation, Feature, NormalRange } from '@sensor-sentinel/contracts';
import { formatAmount } from '../../ui/format-number.ts';
import {
  findFeature,
  formatMeasured,
  formatValue,
  formatWithUnit,
  toDigits,
} from '../types/format-feature.ts';

/** Beyond these, the unusual values are only counted. */
const mostSentences = 3;
/** Of a value whose feature does not say how many it has. */
const mostDecimals = 3;

/** What was unusual about a reading, in the units of its features, the most important first. */
export function describeUnusual(
  { contributions, prediction }: Explanation,
  features: readonly Feature[],
): string[] {
  const sorted = toByContribution(contributions);
  const unusual = sorted.flatMap((contribution) => describeOutside(contribution, features) ?? []);
  const more = unusual.length - mostSentences;
  const sentences = unusual.slice(0, mostSentences);
  if (more > 0)
    sentences.push(`${formatAmount(more, 'other value')} ${more === 1 ? 'is' : 'are'} unusual too.`);
  if (prediction === 0)
    return sentences.length > 0
      ? [...sentences, 'The reading as a whole still looks normal.']
      : [hasRanges(contributions) ? 'All values are in their usual ranges.' : 'The reading looks normal.'];
  if (sentences.length > 0) return sentences;
  if (hasRanges(contributions)) return ['Each value is in its usual range, but the combination is unusual.'];
  return [describeCauses(sorted, features)];
}

/** The one value that raised a score most. */
export function describeCause(cause: Contribution, features: readonly Feature[]): string {
  return describeOutside(cause, features) ?? describeCauses([cause], features);
}

/** Which single value would have changed the prediction; null if there is nothing to say. */
export function describeCounterfactual(
  explanation: Explanation,
  features: readonly Feature[],
): string | null {
  const { counterfactual, contributions, prediction } = explanation;
  if (counterfactual === null) {
    if (prediction === 0) return null;
    const unusual = contributions.filter((contribution) => describeOutside(contribution, features) !== null);
    return unusual.length > 1
      ? 'More than one value is abnormal.'
      : 'Correcting one value alone would not make this reading normal.';
  }
  const { feature: name, value, change } = counterfactual;
  const feature = findFeature(features, name);
  const now = contributions.find((contribution) => contribution.feature === name)?.value ?? value - change;
  const changed = toText(roundOnwards(value, change, feature), feature);
  const result = counterfactual.prediction === 0 ? 'normal' : 'an anomaly';
  return `${feature.title} at ${changed} instead of ${toText(now, feature)} would be ${result}.`;
}

/** The largest first. */
export function toByContribution(contributions: readonly Contribution[]): Contribution[] {
  return contributions.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/** `50.0 to 54.0 %`; null if the model does not know it. */
export function describeRange(
  { feature: name, normal_range }: Contribution,
  features: readonly Feature[],
): string | null {
  if (normal_range === undefined) return null;
  const feature = findFeature(features, name);
  return `${formatValue(normal_range.low, feature)} to ${toNoBreak(formatWithUnit(normal_range.high, feature))}`;
}

/** `Humidity 44.8 % is below the usual 50.0 to 54.0 %.`; null for a usual value. */
function describeOutside(contribution: Contribution, features: readonly Feature[]): string | null {
  const { value, normal_range } = contribution;
  const feature = findFeature(features, contribution.feature);
  if (value === null) return `${feature.title} is missing.`;
  if (normal_range === undefined) return null;
  const side = toSide(value, normal_range, feature);
  if (side === null) return null;
  return `${feature.title} ${toText(value, feature)} is ${side} the usual ${describeRange(contribution, features)}.`;
}

/** On which side of the range a value is; all three are compared as they are shown. */
function toSide(value: number, { low, high }: NormalRange, feature: Feature): 'below' | 'above' | null {
  const shown = Number(value.toFixed(feature.decimals ?? Math.max(mostDecimals, toDigits(value, feature))));
  if (shown < Number(low.toFixed(toDigits(low, feature)))) return 'below';
  if (shown > Number(high.toFixed(toDigits(high, feature)))) return 'above';
  return null;
}

function hasRanges(contributions: readonly Contribution[]): boolean {
  return contributions.every(({ normal_range }) => normal_range !== undefined);
}

/** For a model without normal ranges: `Humidity 44.0 % and Noise level 85.0 dB raise the score most.` */
function describeCauses(sorted: readonly Contribution[], features: readonly Feature[]): string {
  const causes = sorted
    .filter(({ contribution }) => contribution > 0)
    .slice(0, 2)
    .map(({ feature: name, value }) => {
      const feature = findFeature(features, name);
      return `${feature.title} ${toText(value, feature)}`;
    });
  if (causes.length === 0) return 'No single value stands out.';
  return `${causes.join(' and ')} ${causes.length === 1 ? 'raises' : 'raise'} the score most.`;
}

function toText(value: number | null, feature: Feature): string {
  return value === null ? 'no value' : toNoBreak(formatMeasured(value, feature));
}

/** With a no-break space before the unit. */
function toNoBreak(text: string): string {
  return text.replace(' ', '\u00a0');
}

/** Rounded in the direction of the change, so that the rounded value still changes the prediction. */
function roundOnwards(value: number, change: number, { decimals }: Feature): number {
  const round = change < 0 ? Math.floor : Math.ceil;
  const scale = 10 ** (decimals ?? Math.max(mostDecimals, toDigits(value, { decimals })));
  // Removes binary rounding errors first, so that 23.4 does not become 23.401.
  return round(Number((value * scale).toFixed(6))) / scale;
}
