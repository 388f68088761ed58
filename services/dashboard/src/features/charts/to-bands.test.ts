import type { Incident } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { createTestIncident } from '../incidents/test-incident.ts';
import { describeBands, toBands } from './to-bands.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const span = { fromMs: startMs, toMs: startMs + 900_000 };

function incident([from, to]: [number, number], changes: Partial<Incident> = {}): Incident {
  const toTime = (minute: number) => new Date(startMs + minute * 60_000).toISOString();
  return createTestIncident({ started_at: toTime(from), cleared_at: toTime(to), ...changes });
}

describe('toBands', () => {
  test('clips bands to the window', () => {
    const [band] = toBands([incident([-5, 2])], span);
    expect(band).toMatchObject({ fromMs: startMs, toMs: startMs + 120_000 });
    expect(band?.text).toBe('Anomalies, hall · 12 readings');
  });

  test('extends firing incidents to the end of the window', () => {
    const [band] = toBands([incident([10, 11], { state: 'firing', cleared_at: null })], span);
    expect(band).toMatchObject({ toMs: span.toMs, text: 'Anomalies, hall · 12 readings · firing' });
  });

  test('omits incidents that are too short or outside of the window', () => {
    expect(toBands([incident([3, 3.01]), incident([-9, -8]), incident([20, 30])], span)).toEqual([]);
  });
});

describe('describeBands', () => {
  test('has the text of the first band at a time, and counts the others', () => {
    const bands = toBands([incident([1, 6]), incident([4, 8], { rule: 'Too loud' })], span);
    expect(describeBands(bands, startMs + 300_000)).toBe('Anomalies, hall · 12 readings, and 1 more');
    expect(describeBands(bands, startMs + 420_000)).toBe('Too loud, hall · 12 readings');
    expect(describeBands(bands, startMs + 540_000)).toBeNull();
  });
});
