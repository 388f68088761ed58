import {
  type Classifier,
  createCalibratedProba,
  createPredictProba,
  type PreparedClassifier,
  prepareClassifier,
  takesMissing,
} from './classifiers/families.ts';
import { type Imputer, withImputer } from './scalers/imputer.ts';
import { createTransform, type Scaler } from './scalers/scaler.ts';

/** The parts of a pipeline: those of a stored artifact or of a model in training. */
export interface PipelineParts {
  readonly name: string;
  readonly features: readonly { readonly name: string; readonly unit: string }[];
  readonly imputer?: Imputer | undefined;
  readonly scaler: Scaler;
  readonly classifier: Classifier;
  readonly threshold: number;
}

/** A pipeline without functions, which threads can exchange. */
export interface PreparedPipeline extends Omit<PipelineParts, 'classifier'> {
  readonly classifier: PreparedClassifier;
  /** Of each feature: whether it may be missing. */
  readonly isOptional: readonly boolean[];
}

/**
 * Scores readings: scales the features, then classifies. A pipeline reuses its buffers, so it must not be
 * shared between threads.
 */
export interface Pipeline {
  readonly name: string;
  readonly featureNames: readonly string[];
  readonly threshold: number;
  /** Whether any value of a reading may be missing (NaN). */
  readonly acceptsMissing: boolean;
  /**
   * P(anomaly), in [0, 1].
   *
   * @param values one unscaled reading, in the order of `featureNames`; NaN where a value is missing
   * @throws RangeError when the number of values is wrong, or a value is not finite or too large to scale
   */
  score(values: ArrayLike<number>): number;
  /**
   * The score of each row, equal to what `score` returns for it.
   *
   * @param matrix unscaled readings, row-major n × d
   * @param out receives the n scores; a new array by default
   * @returns `out`
   * @throws RangeError as `score` does, and when `matrix` is not whole rows or `out` is too short
   */
  scoreBatch(matrix: Float64Array, out?: Float64Array): Float64Array;
  /**
   * P(anomaly) after the calibration that came with an imported model (Platt scaling of an SVM), in [0, 1].
   * Undefined for a model without calibration.
   *
   * @throws RangeError as `score` does
   */
  calibratedProbability(values: ArrayLike<number>): number | undefined;
  /**
   * 1 where the score exceeds the threshold, else 0. A score equal to the threshold gives 0, as in
   * scikit-learn.
   */
  toPrediction(score: number): 0 | 1;
}

export function createPipeline(parts: PipelineParts): Pipeline {
  return assemblePipeline(preparePipeline(parts));
}

/** Does what takes long: packs trees and sorts training rows. */
export function preparePipeline(parts: PipelineParts): PreparedPipeline {
  const { name, features, imputer, scaler, classifier, threshold } = parts;
  return {
    name,
    features,
    imputer,
    scaler,
    threshold,
    classifier: prepareClassifier(classifier, features.length),
    isOptional: features.map((_, j) => takesMissing(classifier) || typeof imputer?.fill[j] === 'number'),
  };
}

/** Takes microseconds, however large the classifier is. */
export function assemblePipeline(prepared: PreparedPipeline): Pipeline {
  const { name, features, imputer, scaler, classifier, threshold, isOptional } = prepared;
  const featureNames = features.map((feature) => feature.name);
  const width = featureNames.length;
  const transformRow = withImputer(createTransform(scaler), imputer);
  const predictProba = createPredictProba(classifier, width);
  const calibratedProba = createCalibratedProba(classifier);
  const scaled = new Float64Array(width);

  function checkWidth({ length }: ArrayLike<number>): void {
    if (length !== width) throw new RangeError(`${length} values, expected ${width}`);
  }

  /** Scales the row that starts at `values[start]` into `scaled`. */
  function scaleAt(values: ArrayLike<number>, start: number): void {
    for (let j = 0; j < width; j++) {
      const value = values[start + j];
      if (!Number.isFinite(value) && !(isOptional[j] && Number.isNaN(value))) {
        throw new RangeError(`${featureNames[j]}: ${value} is not a finite number`);
      }
    }
    transformRow(values, start, scaled);
  }

  return {
    name,
    featureNames,
    threshold,
    acceptsMissing: isOptional.every(Boolean),
    score(values) {
      checkWidth(values);
      scaleAt(values, 0);
      return predictProba(scaled);
    },
    calibratedProbability(values) {
      checkWidth(values);
      scaleAt(values, 0);
      return calibratedProba?.(scaled);
    },
    scoreBatch(matrix, out = new Float64Array(matrix.length / width)) {
      const rows = matrix.length / width;
      if (!Number.isInteger(rows)) throw new RangeError(`${matrix.length} values, expected rows of ${width}`);
      if (out.length < rows) throw new RangeError(`out holds ${out.length} scores, expected ${rows}`);
      for (let i = 0; i < rows; i++) {
        scaleAt(matrix, i * width);
        out[i] = predictProba(scaled);
      }
      return out;
    },
    toPrediction: (score) => (score > threshold ? 1 : 0),
  };
}
