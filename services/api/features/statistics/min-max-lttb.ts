interface Line {
  /** In ascending order. */
  times: Float64Array;
  values: Float64Array;
}

/** How many candidates per point the first pass keeps; the paper finds 4 to be enough. */
const candidatesPerPoint = 4;

/** The places of the lowest and the highest value among `from` … `to` − 1. */
function findExtremes(values: Float64Array, from: number, to: number): [lowest: number, highest: number] {
  let [lowest, highest] = [from, from];
  for (let index = from + 1; index < to; index++) {
    const value = values[index] ?? 0;
    if (value < (values[lowest] ?? 0)) lowest = index;
    if (value > (values[highest] ?? 0)) highest = index;
  }
  return [lowest, highest];
}

/** The first and the last place, and of equally many places each between them, the two extremes. */
function selectMinMax({ values }: Line, points: number): number[] {
  const inner = values.length - 2;
  const bins = Math.max(1, Math.floor((points - 2) / 2));
  const places = new Set([0]);
  for (let bin = 0; bin < bins; bin++) {
    const from = 1 + Math.floor((bin * inner) / bins);
    const to = 1 + Math.floor(((bin + 1) * inner) / bins);
    if (from === to) continue;
    const extremes = findExtremes(values, from, to);
    places.add(Math.min(...extremes)).add(Math.max(...extremes));
  }
  return [...places.add(values.length - 1)];
}

/** Of each bin of places the one that makes the largest triangle with the one chosen before and the next bin's mean. */
function selectLargestTriangles(
  { times, values }: Line,
  places: readonly number[],
  points: number,
): number[] {
  const at = (place: number) => places[place] ?? 0;
  const inner = places.length - 2;
  const bins = points - 2;
  const startOf = (bin: number) => 1 + Math.floor((bin * inner) / bins);
  const chosen = [at(0)];
  let before = at(0);
  for (let bin = 0; bin < bins; bin++) {
    const [from, to, end] = [startOf(bin), startOf(bin + 1), Math.min(startOf(bin + 2), places.length)];
    let [meanTime, meanValue] = [0, 0];
    for (let place = to; place < end; place++) {
      meanTime += (times[at(place)] ?? 0) / (end - to);
      meanValue += (values[at(place)] ?? 0) / (end - to);
    }
    let [largest, best] = [-1, at(from)];
    for (let place = from; place < to; place++) {
      const [time, value] = [times[at(place)] ?? 0, values[at(place)] ?? 0];
      const [timeBefore, valueBefore] = [times[before] ?? 0, values[before] ?? 0];
      const area = Math.abs(
        (timeBefore - meanTime) * (value - valueBefore) - (timeBefore - time) * (meanValue - valueBefore),
      );
      if (area > largest) [largest, best] = [area, at(place)];
    }
    chosen.push(best);
    before = best;
  }
  return [...chosen, at(places.length - 1)];
}

/**
 * Places of at most `points` (≥ 10) values that, joined by a line, look like all of them: MinMaxLTTB (Van Der Donckt,
 * Van Der Donckt, Rademaker, Van Hoecke: MinMaxLTTB: Leveraging MinMax-Preselection to Scale LTTB, IEEE VIS 2023),
 * that is Largest-Triangle-Three-Buckets (Steinarsson 2013) on the extremes of equally large groups. The first, the
 * last, the lowest and the highest value are always among them. In ascending order; time and memory are O(n).
 */
export function selectMinMaxLttb(line: Line, points: number): number[] {
  const { length } = line.values;
  if (length <= points) return Array.from({ length }, (_, place) => place);
  const candidates = selectMinMax(line, candidatesPerPoint * points);
  const extremes = findExtremes(line.values, 0, length);
  const lttbPoints = points - extremes.length;
  const chosen =
    candidates.length <= lttbPoints ? candidates : selectLargestTriangles(line, candidates, lttbPoints);
  return [...new Set([...chosen, ...extremes])].sort((a, b) => a - b);
}
