import type { z } from 'zod';
import { type Classifier, classifierSchema, featureFaults } from '../../classifiers/classifier.ts';
import type { GradientBoosting } from '../../classifiers/gradient-boosting/gradient-boosting.ts';
import type { RandomForest } from '../../classifiers/random-forest/random-forest.ts';
import { type Scaler, scalerSchema } from '../../scalers/scaler.ts';
import type { ImportedParts } from '../imported-parts.ts';
import { foldScaler } from './fold-scaler.ts';
import { OnnxError, quote } from './onnx-error.ts';
import type { Column, Features } from './operators/value.ts';
import { readModel } from './read-model.ts';
import { type Input, type Traced, traceGraph } from './trace-graph.ts';

export type Converted = { readonly parts: ImportedParts; readonly traced: Traced };

/** @throws OnnxError */
export function convertOnnx(bytes: Uint8Array): Converted {
  const { producer, opset, graph } = readModel(bytes);
  const traced = traceGraph(graph);
  const { inputs, operators, result } = traced;
  const { source } = result;
  const featureNames = nameColumns(source.features.columns, inputs);
  const classNames = toClassNames(source.classLabels);
  const scaler = checked(scalerSchema, toScaler(source.features), 'scaler');
  const classifier = checked(classifierSchema, source.classify(), 'classifier');
  const featureCount = source.features.columns.length;
  const parts = {
    ...(inputs.every(({ elementType }) => elementType === 'float') && isOfTrees(classifier)
      ? {
          scaler: noScaler,
          classifier: { ...classifier, trees: foldScaler(classifier.trees, source.features.columns) },
        }
      : { scaler, classifier }),
    ...(classNames && { classNames }),
    ...(featureNames && { featureNames }),
    featureCount,
    estimator: toEstimator(operators),
    version: [producer.slice(0, 60), `opset ${opset}`].filter(Boolean).join(', '),
  };
  const [fault] = featureFaults(parts.classifier, featureCount);
  if (fault) throw new OnnxError(`classifier.${fault.path.join('.')}: ${fault.message}`);
  return { parts, traced };
}

const noScaler = { kind: 'none' } as const;

function isOfTrees(classifier: Classifier): classifier is GradientBoosting | RandomForest {
  return classifier.family === 'gradient-boosting' || classifier.family === 'random-forest';
}

/**
 * The features' names, in the order in which the classifier has them, where each is an input of its own.
 *
 * @throws OnnxError where the classifier does not see every feature once, or not in the order of the only input
 */
function nameColumns(columns: readonly Column[], inputs: readonly Input[]): string[] | undefined {
  const features = columns.map(({ feature }) => feature);
  const width = inputs.reduce((sum, input) => sum + input.width, 0);
  if (features.length !== width || new Set(features).size !== width) {
    throw new OnnxError(
      `the classifier sees features ${features.join(', ')} of ${width}, expected each once`,
    );
  }
  if (inputs.length > 1) return features.map((feature) => inputs[feature].name);
  if (features.some((feature, j) => feature !== j)) {
    throw new OnnxError(
      `the classifier sees the features in the order ${features.join(', ')}, expected the input's`,
    );
  }
  return undefined;
}

/** Undefined for 0 and 1, which say nothing. */
function toClassNames(labels: readonly [string, string] | undefined): [string, string] | undefined {
  if (labels === undefined || labels.join() === '0,1') return undefined;
  if (labels.includes('')) throw new OnnxError(`classes ${labels.map(quote).join(' and ')}, expected names`);
  return [...labels];
}

/** The scaler of this project that does the same; all of `(x − center) / scale` are alike, so the name is a guess. */
function toScaler({ columns, isShifted, clip }: Features): Scaler {
  const center = columns.map((column) => column.center);
  const scale = columns.map((column) => column.scale);
  if (isShifted || clip) {
    const [low, high] = clip ?? [0, 1];
    return {
      kind: 'min-max',
      data_min: columns.map((column) => column.center + low * column.scale),
      data_max: columns.map((column) => column.center + high * column.scale),
      scale: columns.map((column) => 1 / column.scale),
      min: columns.map((column) => -column.center / column.scale),
      feature_range: [low, high],
      clip: clip !== undefined,
    };
  }
  if (center.some((value) => value !== 0)) {
    return { kind: 'standard', mean: center, variance: scale.map((value) => value ** 2), scale };
  }
  return scale.every((value) => value === 1) ? { kind: 'none' } : { kind: 'max-abs', scale };
}

function checked<Part>(schema: z.ZodType<Part>, value: Part, what: string): Part {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new OnnxError(`${[what, ...path].join('.')}: ${message}`, { cause: parsed.error });
}

const maxShown = 24;

function toEstimator(operators: readonly string[]): string {
  const shown = operators.slice(0, maxShown);
  return [...shown, ...(operators.length > maxShown ? ['…'] : [])].join(' → ') || 'Identity';
}
