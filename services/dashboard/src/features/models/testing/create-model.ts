import { modelSchema } from '@sensor-sentinel/contracts';
import type { LoadedModel } from '../model-rows.ts';

interface ModelParts {
  origin?: 'trained' | 'imported';
  data_sha256?: string;
  recall?: number;
  obstacle?: string;
}

/** A model with the metrics and the origin that a test is about. */
export function createModel(name: string, parts: ModelParts = {}): LoadedModel {
  const { origin = 'trained', data_sha256 = '00', recall = 0.75, obstacle } = parts;
  const confusion = { true_negatives: 5, false_positives: 1, false_negatives: 1, true_positives: 3 };
  const test = { rows: 10, accuracy: 0.8, precision: 0.75, recall, f1: 0.75, roc_auc: 0.9, confusion };
  const trained = { kind: 'trained', seed: 0, parameters: {}, rows: 50, train_rows: 40, data_sha256, test };
  const imported = { kind: 'imported', format: 'scikit-learn', version: '1.5', estimator: 'SVC', files: [] };
  const model = modelSchema.parse({
    name,
    type: 'climate',
    family: 'random-forest',
    features: [{ name: 'temperature', unit: '°C' }],
    class_names: ['normal', 'anomaly'],
    anomaly_class: 'anomaly',
    scaler: { kind: 'none' },
    threshold: 0.5,
    origin: origin === 'trained' ? { ...trained, comparison: [] } : imported,
    certificate: { sha256: '00', reference_vectors: 3, max_difference: 0 },
  });
  return { ...model, file: `${name}.json`, ...(obstacle !== undefined && { obstacle }) };
}
