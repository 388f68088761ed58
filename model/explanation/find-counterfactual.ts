import type { Pipeline } from '../pipeline.ts';

const stepsPerRange = 100;
const rangesBeyond = 0.25;
const halvings = 40;
const roundingsPerRange = 1000;

/** One feature of a reading set to another value, which the model labels differently. */
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
 * The smallest change of one feature that flips the prediction, changes being compared as shares of each feature's
 * range in the background (Wachter, Mittelstadt and Russell, Harvard Journal of Law & Technology 31 (2018), 841–887,
 * with one feature changed). Searched from the reading outwards in hundredths of that range, to a quarter of it beyond
 * either end, then halved down to the border: a flip that lasts for less than a hundredth of the range may be passed
 * over. The value is rounded to about a thousandth of the range where that still flips.
 *
 * @param values one unscaled reading
 * @param background unscaled rows
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

/** The nearest value on one side of the reading that is labeled differently. */
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

/** Closes in on the border between `same` and `flipped`, and returns the side that flips. */
function halve(flips: (value: number) => boolean, same: number, flipped: number): number {
  let [inside, outside] = [same, flipped];
  for (let i = 0; i < halvings; i++) {
    const middle = (inside + outside) / 2;
    if (flips(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}

/** The nearest multiple of the power of ten that is at most a thousandth of the range, and those on either side. */
function roundings(value: number, range: number): number[] {
  const digits = Math.max(0, -Math.floor(Math.log10(range / roundingsPerRange)));
  const unit = 10 ** Math.min(100, digits);
  return [Math.round, Math.floor, Math.ceil].map((round) => round(value * unit) / unit);
}

/** The reading's score with the searched feature replaced; `values` is as before afterwards. */
function scoreWith({ pipeline, values, feature }: Search, value: number): number {
  const before = values[feature];
  values[feature] = value;
  const score = pipeline.score(values);
  values[feature] = before;
  return score;
}
