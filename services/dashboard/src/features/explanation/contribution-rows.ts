import type { Explanation, Feature } from '@sensor-sentinel/contracts';
import { formatSigned } from '../../ui/format-number.ts';
import { findFeature, formatMeasured } from '../types/format-feature.ts';

export interface ContributionRow {
  feature: string;
  title: string;
  /** The reading's value with its unit. */
  value: string;
  contribution: string;
  /** The class that it moves the score toward. */
  tone: 'normal' | 'anomaly' | 'none';
  /** Relative to the largest contribution, 0 to 1. */
  share: number;
}

export const contributionDigits = 4;

/** Sorted by absolute contribution, largest first. */
export function toContributionRows(
  contributions: Explanation['contributions'],
  features: readonly Feature[],
): ContributionRow[] {
  const largest = Math.max(0, ...contributions.map(({ contribution }) => Math.abs(contribution)));
  return contributions
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .map(({ feature: name, value, contribution }) => {
      const feature = findFeature(features, name);
      return {
        feature: name,
        title: feature.title,
        value: formatMeasured(value, feature),
        contribution: formatSigned(contribution, contributionDigits),
        tone: contribution === 0 ? 'none' : contribution > 0 ? 'anomaly' : 'normal',
        share: largest === 0 ? 0 : Math.abs(contribution) / largest,
      };
    });
}
