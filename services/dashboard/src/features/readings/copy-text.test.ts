import { climateType, type StoredReading } from '@sensor-sentinel/contracts';
import { expect, test } from 'vitest';
import { toCellText, toRowText } from './copy-text.ts';

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
const copied = { reading, type: climateType };

test('toCellText keeps all digits and a plain minus', () => {
  expect(toCellText(copied, 'temperature')).toBe('-3.25');
  expect(toCellText(copied, 'score')).toBe('0.031234');
  expect(toCellText(copied, 'why')).toBeNull();
});

test('toRowText neutralizes formulas in names, and keeps numbers', () => {
  const named = { ...copied, reading: { ...reading, sensor_id: '=1+1', model: 'm;-1' } };
  expect(toRowText(named, ['sensor_id', 'temperature', 'model'])).toBe("'=1+1\t-3.25\tm;'-1");
  expect(toCellText(named, 'sensor_id')).toBe('=1+1');
});

test('toRowText keeps the column order, without columns that are not fields', () => {
  expect(toRowText(copied, ['why', 'timestamp', 'sensor_id', 'prediction', 'feedback'])).toBe(
    '2026-11-22T10:00:00.999Z\tattic\t1',
  );
});

test('a missing value is empty', () => {
  const missing = { ...copied, reading: { ...reading, humidity: null, prediction: null } };
  expect(toCellText(missing, 'humidity')).toBe('');
  expect(toRowText(missing, ['temperature', 'humidity', 'prediction', 'sensor_id'])).toBe('-3.25\t\t\tattic');
});
