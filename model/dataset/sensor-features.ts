import type { Random } from './random.ts';

/**
 * The features of the default sensor type: unit, physical limits, and the distributions of normal readings
 * (mean, std) and anomalous ones (low, high).
 */
export const sensorFeatures = [
  { name: 'temperature', unit: '°C', min: -273.15, max: 1000, mean: 24, std: 1.5, low: 19, high: 28 },
  { name: 'humidity', unit: '%', min: 0, max: 100, mean: 52, std: 1, low: 40, high: 60 },
  { name: 'sound_volume', unit: 'dB', min: 0, max: 200, mean: 60, std: 10, low: 30, high: 100 },
] as const;

type SensorFeature = (typeof sensorFeatures)[number];

export const sensorFeatureNames: readonly string[] = sensorFeatures.map(({ name }) => name);

/** Draws each feature from N(mean, std²), clipped to its limits and rounded to 0.1. */
export function drawNormalReading(random: Random): number[] {
  return sensorFeatures.map((feature) => toMeasured(random.normal(feature.mean, feature.std), feature));
}

/** Draws each feature uniformly from [low, high], rounded to 0.1. */
export function drawAnomalousReading(random: Random): number[] {
  return sensorFeatures.map((feature) => toMeasured(random.between(feature.low, feature.high), feature));
}

function toMeasured(value: number, { min, max }: SensorFeature): number {
  return Math.round(Math.min(max, Math.max(min, value)) * 10) / 10;
}
