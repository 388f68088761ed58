import type { Family } from '../classifiers/classifier.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of others, such as a feature's name, made safe between tags and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

export const familyTitles: Readonly<Record<Family, string>> = {
  'logistic-regression': 'Logistic regression',
  'k-nearest-neighbors': 'Nearest neighbors',
  'random-forest': 'Random forest',
  'gradient-boosting': 'Gradient boosting',
  'support-vector-machine': 'Support vector machine',
  'neural-network': 'Neural network',
};
