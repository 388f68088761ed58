import type { TrainedFamily } from '../classifiers/families.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for use between tags and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

export const familyTitles: Readonly<Record<TrainedFamily, string>> = {
  'logistic-regression': 'Logistic regression',
  'k-nearest-neighbors': 'k-nearest neighbors',
  'random-forest': 'Random forest',
  'gradient-boosting': 'Gradient boosting',
  'support-vector-machine': 'Support vector machine',
  'neural-network': 'Neural network',
};

/** A square in the color of the family's curves, and its title. */
export function familyName(family: TrainedFamily): string {
  return `<span class="mark" style="--family:var(--${family})"></span>${familyTitles[family]}`;
}
