import type { SensorSeries } from '@sensor-sentinel/contracts';

const window = { type: 'climate', from: '2026-11-22T10:00:00.000Z', to: null };

/** Four readings of a sensor with a gap before the last one; the third is an anomaly. */
export const readings: Extract<SensorSeries, { resolution: 'reading' }> = {
  ...window,
  sensor_id: 'hall',
  resolution: 'reading',
  gaps: [{ from: '2026-11-22T10:00:03.000Z', to: '2026-11-22T10:02:00.000Z' }],
  ...{ count: 4, anomalies: 1, downsampled: false, anomalies_sampled: false },
  id: ['1', '2', '3', '4'],
  timestamp: ['10:00:01', '10:00:02', '10:00:03', '10:02:00'].map((time) => `2026-11-22T${time}.000Z`),
  temperature: [24, 24.5, 27.9, 23.5],
  sound_volume: [60, 61, 95, 59],
  prediction: [0, 0, 1, 0],
};

/** Three hours of all sensors with a gap before the last one. */
export const buckets: Extract<SensorSeries, { resolution: number }> = {
  ...window,
  sensor_id: null,
  resolution: 3600,
  gaps: [{ from: '2026-11-22T11:00:00.000Z', to: '2026-11-22T14:00:00.000Z' }],
  ...{ count: 25_000, anomalies: 60 },
  timestamp: ['10', '11', '14'].map((hour) => `2026-11-22T${hour}:00:00.000Z`),
  temperature: [24, 25, 26],
  sound_volume: [60, 61, 62],
  min: { temperature: [20, 21, 22], sound_volume: [31, 32, 33] },
  max: { temperature: [28, 29, 30], sound_volume: [91, 92, 93] },
  bucket_count: [10_000, 10_000, 5000],
  bucket_anomalies: [50, 0, 10],
  top_anomalies: {
    id: ['a', 'b'],
    timestamp: ['2026-11-22T10:12:00.000Z', '2026-11-22T14:01:00.000Z'],
    sound_volume: [91, null],
  },
};
