import type { Feature } from '@sensor-sentinel/contracts';
import { formatDecimal, formatMeasure } from '../../ui/format-number.ts';

/** How many features have a card and a chart unless others are chosen. */
export const firstFeatures = 6;

/** The chosen features, in the order of the type. */
export function toShownFeatures(features: readonly Feature[], chosen: readonly string[]): readonly Feature[] {
  if (chosen.length === 0) return features.slice(0, firstFeatures);
  return features.filter(({ name }) => chosen.includes(name));
}

/** The feature with this name; unknown features keep their own name. */
export function findFeature(features: readonly Feature[], name: string): Feature {
  const known = features.find((feature) => feature.name === name);
  if (known !== undefined) return known;
  return { name, title: name.replaceAll('_', ' '), unit: '', min: null, max: null, decimals: null };
}

const significantDigits = 3;
const mostDecimals = 10;

/** How many decimals a value has: those of its feature, or else one, and more for a value below 1. */
export function toDigits(value: number, { decimals }: Pick<Feature, 'decimals'>): number {
  if (decimals !== null) return decimals;
  if (value === 0 || Math.abs(value) >= 1) return 1;
  return Math.min(mostDecimals, significantDigits - 1 - Math.floor(Math.log10(Math.abs(value))));
}

/** A value without its unit; a missing value is an en dash. */
export function formatValue(value: number | null | undefined, feature: Pick<Feature, 'decimals'>): string {
  return value == null ? '–' : formatDecimal(value, toDigits(value, feature));
}

/** `24.1 °C` */
export function formatWithUnit(value: number | null | undefined, feature: Feature): string {
  return value == null ? '–' : withUnit(formatValue(value, feature), feature);
}

export function withUnit(text: string, { unit }: Pick<Feature, 'unit'>): string {
  return unit === '' ? text : `${text} ${unit}`;
}

/** A value as exact as it was measured, with its unit: `24.06 °C`. */
export function formatMeasured(value: number | null, feature: Feature): string {
  if (value === null) return '–';
  const isPlain = feature.decimals === null && (value === 0 || Math.abs(value) >= 1);
  return isPlain ? withUnit(formatMeasure(value), feature) : formatWithUnit(value, feature);
}

/** `Temperature (°C)` */
export function toTitleWithUnit({ title, unit }: Pick<Feature, 'title' | 'unit'>): string {
  return unit === '' ? title : `${title} (${unit})`;
}
