import type { Family } from '../classifiers/classifier.ts';

export const familyTitles: Readonly<Record<Family, string>> = {
  'logistic-regression': 'Logistic regression',
  'k-nearest-neighbors': 'Nearest neighbours',
  'random-forest': 'Random forest',
  'gradient-boosting': 'Gradient boosting',
  'support-vector-machine': 'Support vector machine',
  'neural-network': 'Neural network',
};
