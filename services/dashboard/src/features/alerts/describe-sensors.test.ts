import type { SensorState } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { countStates, describeCounts, toByUrgency } from './describe-sensors.ts';

function toSensor(sensor_id: string, state: SensorState, minute: number) {
  const since = `2026-03-01T10:0${minute}:00.000Z`;
  const values = { temperature: 24, humidity: 52, sound_volume: 60, score: 0, prediction: 0 as const };
  const id = '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001';
  const reading = { id, type: 'climate', sensor_id, timestamp: since, ...values, model: 'm' };
  return { sensor_id, state, since, reading, received_at: since, clock_ahead_ms: null };
}

describe('the sensor list of the alerts', () => {
  const sensors = [
    toSensor('a', 'normal', 1),
    toSensor('b', 'silent', 1),
    toSensor('c', 'anomaly', 1),
    toSensor('d', 'anomaly', 2),
  ];

  test('is sorted by urgency, latest change first', () => {
    expect(toByUrgency(sensors).map(({ sensor_id }) => sensor_id)).toEqual(['d', 'c', 'b', 'a']);
  });

  test('is summarized without empty states', () => {
    expect(describeCounts(countStates(sensors))).toBe('2 sensors anomalous, 1 silent, 1 normal');
    expect(describeCounts({ anomaly: 0, normal: 1, silent: 0, unscored: 0 })).toBe('1 sensor normal');
    expect(describeCounts({ anomaly: 0, normal: 1, silent: 0, unscored: 2 })).toBe(
      '2 sensors not scored, 1 normal',
    );
    expect(describeCounts({ anomaly: 1, normal: 12_344, silent: 0, unscored: 0 })).toBe(
      '1 sensor anomalous, 12\u202f344 normal',
    );
  });
});
