import type { Pipeline } from '../pipeline.ts';

const stepsPerRange = 100;
const rangesBeyond = 0.25;
const halvings = 40;
const roundingsPerRange = 1000;

/** A new value of one feature that changes the prediction. */
export interface Counterfactual {
  readonly feature: string;
  readonly value: number;
  readonly change: number;
  readonly score: number;
  readonly prediction: 0 | 1;
}

interface Search {
  readonly pipeline: Pipeline;
  readonly values: Float64Array;
  readonly feature: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The smallest change of one feature that flips the prediction, where changes are measured relative to the
 * feature's range in the background (Wachter, Mittelstadt and Russell, Harvard Journal of Law & Technology 31
 * (2018), 841–887, restricted to one feature). The search proceeds outward from the reading in steps of 1 %
 * of the range, to 25 % beyond either end, then bisects. It can miss a flip that spans less than one step.
 * The value is rounded to about a thousandth of the range where the rounded value still flips the prediction.
 *
 * @param values one unscaled reading
 * @param background unscaled readings
 * @returns undefined where no single feature flips the prediction
 */
export function findCounterfactual(
  pipeline: Pipeline,
  values: ArrayLike<number>,
  background: readonly (readonly number[])[],
): Counterfactual | undefined {
  let best: { share: number; counterfactual: Counterfactual } | undefined;
  for (const [feature, name] of pipeline.featureNames.entries()) {
    const column = background.map((row) => row[feature]);
    const [low, high] = [Math.min(...column), Math.max(...column)];
    const search = { pipeline, values: Float64Array.from(values), feature, low, high };
    for (const direction of [-1, 1]) {
      const value = findFlip(search, direction);
      if (value === undefined) continue;
      const share = Math.abs(value - values[feature]) / (high - low);
      if (best && best.share <= share) continue;
      const score = scoreWith(search, value);
      const change = value - values[feature];
      const prediction = pipeline.toPrediction(score);
      best = { share, counterfactual: { feature: name, value, change, score, prediction } };
    }
  }
  return best?.counterfactual;
}

/** The nearest value on one side of the reading with another prediction. */
function findFlip(search: Search, direction: number): number | undefined {
  const { pipeline, values, feature, low, high } = search;
  const range = high - low;
  if (!(range > 0)) return undefined;
  const start = values[feature];
  const before = pipeline.toPrediction(pipeline.score(values));
  const flips = (value: number) => pipeline.toPrediction(scoreWith(search, value)) !== before;
  const end = direction < 0 ? low - rangesBeyond * range : high + rangesBeyond * range;
  const steps = Math.ceil(((end - start) * direction * stepsPerRange) / range);
  for (let step = 1; step <= steps; step++) {
    const value = start + (direction * step * range) / stepsPerRange;
    if (!flips(value)) continue;
    const border = halve(flips, start + (direction * (step - 1) * range) / stepsPerRange, value);
    return roundings(border, range).find(flips) ?? border;
  }
  return undefined;
}

/** Bisects between `same` and `flipped`, and returns the side that flips. */
function halve(flips: (value: number) => boolean, same: number, flipped: number): number {
  let [inside, outside] = [same, flipped];
  for (let i = 0; i < halvings; i++) {
    const middle = (inside + outside) / 2;
    if (flips(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}

/** The nearest multiples of the power of ten that is at most a thousandth of the range. */
function roundings(value: number, range: number): number[] {
  const digits = Math.max(0, -Math.floor(Math.log10(range / roundingsPerRange)));
  const unit = 10 ** Math.min(100, digits);
  return [Math.round, Math.floor, Math.ceil].map((round) => round(value * unit) / unit);
}

/** The score of the reading with the searched feature replaced. Restores `values`. */
function scoreWith({ pipeline, values, feature }: Search, value: number): number {
  const before = values[feature];
  values[feature] = value;
  const score = pipeline.score(values);
  values[feature] = before;
  return score;
}
