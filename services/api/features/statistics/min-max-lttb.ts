interface Line {
  /** In ascending order. */
  times: Float64Array;
  values: Float64Array;
}

/** Candidates per point that the first pass keeps; the paper recommends 4. */
const candidatesPerPoint = 4;

/**
 * Downsamples a line to at most `points` (≥ 10) points that look the same when drawn; returns their indexes in ascending
 * order. The first, last, lowest and highest value are always kept. Time and memory are O(n).
 *
 * MinMaxLTTB (Van Der Donckt, Van Der Donckt, Rademaker, Van Hoecke: MinMaxLTTB: Leveraging MinMax-Preselection to Scale
 * LTTB, IEEE VIS 2023): Largest-Triangle-Three-Buckets (Steinarsson 2013) on the extremes of equally large bins.
 */
export function selectMinMaxLttb(line: Line, points: number): number[] {
  const { length } = line.values;
  if (length <= points) return Array.from({ length }, (_, index) => index);
  const candidates = selectMinMax(line, candidatesPerPoint * points);
  const extremes = findExtremes(line.values, 0, length);
  const lttbPoints = points - extremes.length;
  const chosen =
    candidates.length <= lttbPoints ? candidates : selectLargestTriangles(line, candidates, lttbPoints);
  return [...new Set([...chosen, ...extremes])].sort((a, b) => a - b);
}

/** The first and the last index, and the two extremes of each bin between them. */
function selectMinMax({ values }: Line, points: number): number[] {
  const inner = values.length - 2;
  const bins = Math.max(1, Math.floor((points - 2) / 2));
  const indexes = new Set([0]);
  for (let bin = 0; bin < bins; bin++) {
    const from = 1 + Math.floor((bin * inner) / bins);
    const to = 1 + Math.floor(((bin + 1) * inner) / bins);
    if (from === to) continue;
    const extremes = findExtremes(values, from, to);
    indexes.add(Math.min(...extremes)).add(Math.max(...extremes));
  }
  return [...indexes.add(values.length - 1)];
}

/** The indexes of the lowest and the highest value from `from` up to but not including `to`. */
function findExtremes(values: Float64Array, from: number, to: number): [lowest: number, highest: number] {
  let [lowest, highest] = [from, from];
  for (let index = from + 1; index < to; index++) {
    const value = values[index] ?? 0;
    if (value < (values[lowest] ?? 0)) lowest = index;
    if (value > (values[highest] ?? 0)) highest = index;
  }
  return [lowest, highest];
}

/** From each bin, the candidate with the largest triangle to the one chosen before it and the mean of the next bin. */
function selectLargestTriangles(
  { times, values }: Line,
  candidates: readonly number[],
  points: number,
): number[] {
  const at = (position: number) => candidates[position] ?? 0;
  const inner = candidates.length - 2;
  const bins = points - 2;
  const startOf = (bin: number) => 1 + Math.floor((bin * inner) / bins);
  const chosen = [at(0)];
  let before = at(0);
  for (let bin = 0; bin < bins; bin++) {
    const [from, to, end] = [startOf(bin), startOf(bin + 1), Math.min(startOf(bin + 2), candidates.length)];
    let [meanTime, meanValue] = [0, 0];
    for (let next = to; next < end; next++) {
      meanTime += (times[at(next)] ?? 0) / (end - to);
      meanValue += (values[at(next)] ?? 0) / (end - to);
    }
    let [largest, best] = [-1, at(from)];
    for (let position = from; position < to; position++) {
      const [time, value] = [times[at(position)] ?? 0, values[at(position)] ?? 0];
      const [timeBefore, valueBefore] = [times[before] ?? 0, values[before] ?? 0];
      const area = Math.abs(
        (timeBefore - meanTime) * (value - valueBefore) - (timeBefore - time) * (meanValue - valueBefore),
      );
      if (area > largest) [largest, best] = [area, at(position)];
    }
    chosen.push(best);
    before = best;
  }
  return [...chosen, at(candidates.length - 1)];
}
