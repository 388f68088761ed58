import { features } from '@sensor-sentinel/contracts';

/** The title and unit of a feature; unknown features keep their own name. */
export function toFeatureTitle(feature: string): { title: string; unit: string } {
  return features.find(({ name }) => name === feature) ?? { title: feature.replaceAll('_', ' '), unit: '' };
}
