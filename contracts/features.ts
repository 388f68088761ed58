import type { SensorType } from './sensor-types.ts';

const climateFeatures = [
  { name: 'temperature', title: 'Temperature', unit: '°C', min: -273.15, max: 1000, decimals: null },
  { name: 'humidity', title: 'Humidity', unit: '%', min: 0, max: 100, decimals: null },
  { name: 'sound_volume', title: 'Noise level', unit: 'dB', min: 0, max: 200, decimals: null },
];

/** The sensor type that every installation begins with. */
export const climateType: SensorType = { name: 'climate', features: climateFeatures };

/** The value of a feature in a flat message: a reading, or a column of `GET /series`. */
export function featureValueOf(reading: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = reading[name];
  return typeof value === 'number' ? value : null;
}
