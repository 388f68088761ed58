import { type Models, modelSchema } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import {
  describeAnomaly,
  findShownRow,
  type LoadedModel,
  toComparisonRows,
  toModelRows,
} from './model-rows.ts';

const confusion = { true_negatives: 5, false_positives: 1, false_negatives: 1, true_positives: 3 };
const metrics = { rows: 10, accuracy: 0.8, precision: 0.75, recall: 0.75, f1: 0.75, roc_auc: 0.9, confusion };
const crossValidation = { folds: 2, accuracies: [0.8, 0.9], mean: 0.85, sd: 0.05 };
const origin = {
  kind: 'trained' as const,
  seed: 0,
  parameters: {},
  rows: 50,
  train_rows: 40,
  data_sha256: '00',
  test: metrics,
  comparison: [],
};

function createModel(name: string, obstacle?: string): LoadedModel {
  const model = modelSchema.parse({
    name,
    type: 'climate',
    family: 'random-forest',
    features: [{ name: 'temperature', unit: '°C' }],
    class_names: ['normal', 'anomaly'],
    anomaly_class: 'anomaly',
    scaler: { kind: 'none' },
    threshold: 0.5,
    origin,
    certificate: { sha256: '00', reference_vectors: 3, max_difference: 0 },
  });
  return { ...model, file: `${name}.json`, ...(obstacle !== undefined && { obstacle }) };
}

function createModels(part: Partial<Models> = {}): Models {
  const models = [createModel('d'), createModel('c'), createModel('b', 'other features'), createModel('a')];
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

describe('toComparisonRows', () => {
  test('marks the family of the shown model', () => {
    const compared = ['random-forest', 'neural-network'].map((family) => ({
      family,
      cross_validation: crossValidation,
      test: metrics,
    }));
    const rows = toComparisonRows('neural-network', { ...origin, comparison: compared });
    expect(rows.map(({ family, isShown }) => [family, isShown])).toEqual([
      ['random-forest', false],
      ['neural-network', true],
    ]);
  });

  test('has only the model itself when no others were trained', () => {
    expect(toComparisonRows('random-forest', origin)).toEqual([
      { family: 'random-forest', test: metrics, crossValidation: undefined, isShown: true },
    ]);
  });
});
