/**
 * The features of a reading, in the order of their values in SQL (`readings.features`). The names are used in CSV headers
 * and JSON, the titles in the dashboard.
 */
export const features = [
  { name: 'temperature', title: 'Temperature', unit: '°C', min: -273.15, max: 1000 },
  { name: 'humidity', title: 'Humidity', unit: '%', min: 0, max: 100 },
  { name: 'sound_volume', title: 'Noise level', unit: 'dB', min: 0, max: 200 },
] as const;

export type FeatureName = (typeof features)[number]['name'];

export const featureNames: readonly FeatureName[] = features.map(({ name }) => name);
