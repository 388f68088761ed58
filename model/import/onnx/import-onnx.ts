import type { z } from 'zod';
import { type Classifier, classifierSchema, featureFaults } from '../../classifiers/families.ts';
import type { GradientBoosting } from '../../classifiers/gradient-boosting.ts';
import type { RandomForest } from '../../classifiers/random-forest.ts';
import { type Scaler, scalerSchema } from '../../scalers/scaler.ts';
import { float32At, lastFloat32 } from '../../trees/float32.ts';
import type { Trees } from '../../trees/trees.ts';
import type { ImportedParts } from '../imported-parts.ts';
import { OnnxError, quote, toImportError } from './onnx-error.ts';
import type { Column, Features } from './operators/value.ts';
import { readModel } from './read-model.ts';
import { type Input, type Traced, traceGraph } from './trace-graph.ts';

/**
 * Converts an ONNX model to a scaler and a classifier of this package. `verifyOnnx` compares the result with
 * the original.
 *
 * @param source the file's name, for error messages
 * @throws ImportError for a file that is not ONNX, is damaged, or has an operator that cannot be converted
 */
export async function importOnnx(bytes: Uint8Array, source: string): Promise<ImportedParts> {
  try {
    return convertOnnx(bytes).parts;
  } catch (error) {
    throw toImportError(error, source);
  }
}

export interface Converted {
  readonly parts: ImportedParts;
  readonly traced: Traced;
}

/** @throws OnnxError as `importOnnx` does */
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
 * The names of the features, in the order of the classifier, where each is a separate input.
 *
 * @throws OnnxError where the classifier does not use every feature once, or not in the order of a single
 *   input
 */
function nameColumns(columns: readonly Column[], inputs: readonly Input[]): string[] | undefined {
  const features = columns.map(({ feature }) => feature);
  const width = inputs.reduce((sum, input) => sum + input.width, 0);
  if (features.length !== width || new Set(features).size !== width) {
    throw new OnnxError(
      `the classifier uses features ${features.join(', ')} of ${width}, expected each once`,
    );
  }
  if (inputs.length > 1) return features.map((feature) => inputs[feature].name);
  if (features.some((feature, j) => feature !== j)) {
    throw new OnnxError(
      `the classifier uses the features in the order ${features.join(', ')}, expected the order of the input`,
    );
  }
  return undefined;
}

/** Undefined for 0 and 1. */
function toClassNames(labels: readonly [string, string] | undefined): [string, string] | undefined {
  if (labels === undefined || labels.join() === '0,1') return undefined;
  if (labels.includes('')) throw new OnnxError(`classes ${labels.map(quote).join(' and ')}, expected names`);
  return [...labels];
}

/**
 * An equivalent scaler of this package. Kinds of the form (x − center) / scale are equivalent, so the kind is
 * a guess.
 */
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

/**
 * Trees on unscaled features, with the same branches. The original compares scaled float32 values z(x).
 * Scaling in float64 here would send some readings that lie on a threshold the other way, and readings with
 * few digits often do. z is monotonic, so z(x) ≤ t is equivalent to x ≤ t', where t' is the largest float32
 * with z(t') ≤ t.
 */
function foldScaler(trees: Trees, columns: readonly Column[]): Trees {
  const threshold = trees.threshold.map((value, node) => {
    const feature = trees.feature[node];
    return feature in columns ? unscaled(value, columns[feature].compute) : value;
  });
  return { ...trees, threshold };
}

/**
 * The largest finite float32 x for which `compute(x)` ≤ threshold; a smaller number than any float32 where
 * there is none.
 */
export function unscaled(threshold: number, compute: (x: number) => number): number {
  if (compute === Math.fround) return threshold;
  let [low, high] = [-lastFloat32 - 1, lastFloat32 + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (compute(float32At(middle)) <= threshold) low = middle;
    else high = middle;
  }
  return low < -lastFloat32 ? -Number.MAX_VALUE : float32At(low);
}
