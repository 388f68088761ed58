import type { StoredReading } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { createZone } from '../time/zone.ts';
import { describeRows, toRowText, toTimeText } from './row-text.ts';

test('toTimeText has milliseconds, in the time zone', () => {
  const berlin = createZone('Europe/Berlin');
  expect(toTimeText('2026-11-22T23:00:00.007Z', berlin)).toBe('2026-11-23 00:00:00.007');
  expect(toTimeText('2026-07-01T10:00:00.900Z', createZone('UTC'))).toBe('2026-07-01 10:00:00.900');
});

describe('describeRows', () => {
  const shown = { first: 50, last: 63, total: 2340, totalLimit: 10_000 };

  test('counts from one', () => {
    expect(describeRows(shown)).toBe('51–64 of 2\u202f340');
  });

  test('says when the server stopped counting', () => {
    expect(describeRows({ ...shown, total: 10_000 })).toBe('51–64 of 10\u202f000+');
  });

  test('handles an empty table', () => {
    expect(describeRows({ ...shown, first: 0, last: -1, total: 0 })).toBe('0 of 0');
  });
});

describe('toRowText', () => {
  const reading: StoredReading = {
    id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001',
    type: 'climate',
    sensor_id: 'attic',
    timestamp: '2026-11-22T10:00:00.999Z',
    temperature: -3.25,
    humidity: 51,
    sound_volume: 60,
    prediction: 1,
    score: 0.031234,
    model: 'm',
  };

  test('keeps the column order and all digits, without columns that are not fields', () => {
    const columns = ['explanation', 'timestamp', 'sensor_id', 'prediction', 'label', 'temperature', 'score'];
    expect(toRowText(reading, columns)).toBe('2026-11-22T10:00:00.999Z\tattic\t1\t-3.25\t0.031234');
  });

  test('neutralizes formulas in names, and keeps numbers', () => {
    const named = { ...reading, sensor_id: '=1+1', model: 'm;-1' };
    expect(toRowText(named, ['sensor_id', 'temperature', 'model'])).toBe("'=1+1\t-3.25\tm;'-1");
  });

  test('leaves a missing value empty', () => {
    const missing = { ...reading, humidity: null, prediction: null };
    expect(toRowText(missing, ['temperature', 'humidity', 'prediction', 'sensor_id'])).toBe(
      '-3.25\t\t\tattic',
    );
  });
});
