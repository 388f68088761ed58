const gapFactor = 12;
const shortestGapMs = 5000;

function findMedianStep(times: readonly number[]): number {
  const steps = Float64Array.from(times.slice(1), (time, index) => time - (times[index] ?? time)).sort();
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** The places after which a step is longer than `longestMs`; of too many, the longest steps. */
function findLongerSteps(times: readonly number[], longestMs: number, most: number): number[] {
  const stepAfter = (place: number) => (times[place + 1] ?? Number.NaN) - (times[place] ?? 0);
  const places = Array.from(times.keys()).filter((place) => stepAfter(place) > longestMs);
  if (places.length <= most) return places;
  const longest = places.toSorted((a, b) => stepAfter(b) - stepAfter(a)).slice(0, most);
  return longest.sort((a, b) => a - b);
}

/**
 * The places of the readings before a gap: a pause of more than twelve times the usual (median) step between two
 * readings, and of more than five seconds.
 */
export function findGapsOfReadings(times: readonly number[], most: number): number[] {
  return findLongerSteps(times, Math.max(shortestGapMs, gapFactor * findMedianStep(times)), most);
}

/**
 * The places of the buckets before a gap: an empty bucket, where they usually follow each other without one; else,
 * where readings are rarer than buckets, a pause of more than twelve times the usual one.
 */
export function findGapsOfBuckets(starts: readonly number[], sizeMs: number): number[] {
  const usualMs = findMedianStep(starts);
  return findLongerSteps(starts, usualMs > sizeMs ? gapFactor * usualMs : sizeMs, starts.length);
}
