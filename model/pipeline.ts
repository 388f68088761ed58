import { type Classifier, createCalibratedProba, createPredictInto } from './classifiers/classifier.ts';
import { createTransform, type Scaler } from './scalers/scaler.ts';

/** What a pipeline is made of: of an artifact, or of a model that is just being trained. */
export interface PipelineParts {
  readonly name: string;
  readonly features: readonly { readonly name: string; readonly unit: string }[];
  readonly scaler: Scaler;
  readonly classifier: Classifier;
  readonly threshold: number;
}

/** Scores readings: scale, then classify. Not to be shared between threads, as its scratch space is not. */
export interface Pipeline {
  readonly name: string;
  readonly featureNames: readonly string[];
  readonly threshold: number;
  /**
   * P(anomaly), in [0, 1].
   *
   * @param values one unscaled reading, its features in the order of `featureNames`
   * @throws RangeError when the reading is too short or long, or a value is not finite or too large to be scaled
   */
  score(values: ArrayLike<number>): number;
  /**
   * The scores of many readings, one by one as `score` gives them, into `out`.
   *
   * @param matrix row-major n × d, unscaled
   * @param out at least n long; a new array when left out
   * @throws RangeError as `score` does
   */
  scoreBatch(matrix: Float64Array, out?: Float64Array): Float64Array;
  /**
   * A probability that the model was calibrated to, beside its score; undefined for a model that has none.
   *
   * @throws RangeError as `score` does
   */
  calibratedProbability(values: ArrayLike<number>): number | undefined;
  /** 1 where the score exceeds the threshold; a tie is 0, as scikit-learn resolves it. */
  toPrediction(score: number): 0 | 1;
}

export function createPipeline({ name, features, scaler, classifier, threshold }: PipelineParts): Pipeline {
  const featureNames = features.map((feature) => feature.name);
  const width = featureNames.length;
  const transformRow = createTransform(scaler);
  const predictInto = createPredictInto(classifier, width);
  const calibratedProba = createCalibratedProba(classifier, width);
  const scaled = new Float64Array(width);
  const single = new Float64Array(1);

  function checkWidth({ length }: ArrayLike<number>): void {
    if (length !== width) throw new RangeError(`${length} values, expected ${width}`);
  }

  /** Into `scaled`. */
  function scaleAt(values: ArrayLike<number>, start: number): void {
    for (let j = 0; j < width; j++) {
      if (!Number.isFinite(values[start + j])) {
        throw new RangeError(`${featureNames[j]}: ${values[start + j]} is not a finite number`);
      }
    }
    transformRow(values, start, scaled);
  }

  return {
    name,
    featureNames,
    threshold,
    score(values) {
      checkWidth(values);
      scaleAt(values, 0);
      predictInto(scaled, single, 0);
      return single[0];
    },
    calibratedProbability(values) {
      checkWidth(values);
      scaleAt(values, 0);
      return calibratedProba?.(scaled);
    },
    scoreBatch(matrix, out = new Float64Array(matrix.length / width)) {
      const rows = matrix.length / width;
      if (!Number.isInteger(rows)) throw new RangeError(`${matrix.length} values, expected rows of ${width}`);
      if (out.length < rows) throw new RangeError(`room for ${out.length} scores, expected ${rows}`);
      for (let i = 0; i < rows; i++) {
        scaleAt(matrix, i * width);
        predictInto(scaled, out, i);
      }
      return out;
    },
    toPrediction: (score) => (score > threshold ? 1 : 0),
  };
}
