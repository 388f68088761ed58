import { z } from 'zod';
import { createGradientBoosting, gradientBoostingSchema } from './gradient-boosting/gradient-boosting.ts';

export const classifierSchema = z.discriminatedUnion('family', [gradientBoostingSchema]);
export type Classifier = z.infer<typeof classifierSchema>;

/** P(label 1), in [0, 1], of one scaled row of float64; finite input is the caller's promise. */
export type PredictProba = (row: Float64Array) => number;

export function createPredictProba(classifier: Classifier, featureCount: number): PredictProba {
  switch (classifier.family) {
    case 'gradient-boosting':
      return createGradientBoosting(classifier, featureCount);
  }
}

/** Where the classifier refers to a feature that there is not. */
export function featureFaults(
  classifier: Classifier,
  featureCount: number,
): { path: (string | number)[]; message: string }[] {
  switch (classifier.family) {
    case 'gradient-boosting': {
      const node = classifier.trees.feature.findIndex((feature) => feature >= featureCount);
      if (node < 0) return [];
      const message = `${classifier.trees.feature[node]}, expected the index of one of ${featureCount} features`;
      return [{ path: ['trees', 'feature', node], message }];
    }
  }
}
