import { features } from '@sensor-sentinel/contracts';

/** What a feature is called, and its unit; one that readings do not have, by its own name. */
export function toFeatureTitle(feature: string): { title: string; unit: string } {
  return features.find(({ name }) => name === feature) ?? { title: feature.replaceAll('_', ' '), unit: '' };
}
