import { climateType } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { findFeature } from '../types/format-feature.ts';
import { describePlace, findNearest, stepFrom, toPlaces } from './places.ts';
import { toScales } from './to-marks.ts';

const axes = {
  x: findFeature(climateType.features, 'humidity'),
  y: findFeature(climateType.features, 'temperature'),
};

function toPoint([x, y]: [number, number], prediction: 0 | 1 | null = 0) {
  return { x, y, prediction };
}

const points = [toPoint([50, 20]), toPoint([50, 20], 1), toPoint([52, 26]), toPoint([58, 24], 1)];
const places = toPlaces(points);
const scales = toScales(points, axes, { width: 400, height: 300 });

test('toPlaces merges readings with the same two values', () => {
  expect(places).toHaveLength(3);
  expect(places[0]).toEqual({ x: 50, y: 20, normal: 1, anomalous: 1, unscored: 0 });
});

describe('findNearest', () => {
  test('compares distances in pixels, not in values', () => {
    expect(findNearest(places, { x: 57, y: 24 }, { scales })).toBe(places[2]);
  });

  test('finds nothing beyond the distance limit', () => {
    expect(findNearest(places, { x: 55, y: 21 }, { scales, withinPx: 10 })).toBeNull();
    expect(findNearest([], { x: 55, y: 21 }, { scales })).toBeNull();
  });
});

describe('stepFrom', () => {
  test('starts at an end', () => {
    expect(stepFrom(places, null, { axis: 'x', by: 1 })).toBe(places[0]);
    expect(stepFrom(places, null, { axis: 'y', by: -1 })).toBe(places[1]);
    expect(stepFrom([], null, { axis: 'y', by: -1 })).toBeUndefined();
  });

  test('moves along both axes, and stops at the ends', () => {
    const [first = null] = places;
    expect(stepFrom(places, first, { axis: 'x', by: 1 })).toBe(places[1]);
    expect(stepFrom(places, first, { axis: 'y', by: 1 })).toBe(places[2]);
    expect(stepFrom(places, first, { axis: 'x', by: -1 })).toBe(first);
    expect(stepFrom(places, first, { axis: 'x', by: 10 })).toBe(places[2]);
  });
});

test('describePlace has one line per axis, and one with the predictions', () => {
  const [both, one] = places;
  expect(both && describePlace(both, axes)).toEqual([
    'Humidity 50.0 %',
    'Temperature 20.0 °C',
    '1 normal reading, 1 anomaly',
  ]);
  expect(one && describePlace(one, axes).at(-1)).toBe('Normal');
  const [unscored] = toPlaces([toPoint([50, 20], null)]);
  expect(unscored && describePlace(unscored, axes).at(-1)).toBe('Not scored');
});
