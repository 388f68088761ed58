import type { Models } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { describeAnomaly, findShownRow, toFamilyTitle, toModelRows, toScalerColumns } from './model-rows.ts';
import { createModel } from './testing/create-model.ts';

function createModels(part: Partial<Models> = {}): Models {
  const models = [
    createModel('d'),
    createModel('c'),
    createModel('b', { obstacle: 'other features' }),
    createModel('a'),
  ];
  return { type: 'climate', active: 'c', previous: 'd', models, faults: [], ...part };
}

describe('toModelRows', () => {
  test('lists the model in use, the previous one, and unusable ones last', () => {
    const rows = toModelRows(createModels());
    expect(rows.map(({ model, state }) => [model.name, state])).toEqual([
      ['c', 'serving'],
      ['d', 'previous'],
      ['a', 'ready'],
      ['b', 'unfit'],
    ]);
  });

  test('has no model in use when none is active', () => {
    const rows = toModelRows(createModels({ active: null, previous: null }));
    expect(rows.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready', 'unfit']);
  });
});

test('describeAnomaly names the class of the file', () => {
  const model = createModel('a');
  expect(describeAnomaly({ ...model, class_names: ['ok', 'fault'], anomaly_class: 'fault' })).toBe('"fault"');
  expect(describeAnomaly({ ...model, anomaly_class: '0' })).toBe('"0", named anomaly');
});

describe('findShownRow', () => {
  const rows = toModelRows(createModels());

  test('finds the requested model, otherwise the one in use', () => {
    expect(findShownRow(rows, 'a')?.model.name).toBe('a');
    expect(findShownRow(rows, null)?.model.name).toBe('c');
    expect(findShownRow(rows, 'gone')?.model.name).toBe('c');
  });

  test('finds none in an empty folder', () => {
    expect(findShownRow([], null)).toBeUndefined();
  });
});

test('toScalerColumns keeps the parameters with one value per feature', () => {
  const scaler = {
    kind: 'min-max',
    data_min: [1, 2],
    feature_range: [0, 1],
    clip: false,
    scale: ['1', '2'],
  };
  expect(toScalerColumns(scaler, 2)).toEqual([{ name: 'data min', values: [1, 2] }]);
  expect(toScalerColumns({ kind: 'none' }, 2)).toEqual([]);
});

test('toFamilyTitle makes words of a name', () => {
  expect(['random-forest', 'k-nearest-neighbors', 'svm'].map(toFamilyTitle)).toEqual([
    'Random forest',
    'K nearest neighbors',
    'Svm',
  ]);
});
