/** Number of answers by latency in microseconds. */
export type Latencies = ReadonlyMap<number, number>;

/**
 * Recovers the latencies that wrk measured from those that it reports. wrk corrects for coordinated omission
 * (`stats_correct`): for each latency `n` of at least twice the mean time per request of a connection, it adds
 * `n - expected`, `n - 2 * expected` and so on, down to `expected`. These are below `n`, so undoing them from the longest
 * latency down is exact.
 *
 * @param corrected - as wrk passes them to `done`
 * @param expected - mean time per request of a connection, in whole microseconds
 * @throws RangeError where wrk cannot have reported `corrected`
 * @see https://github.com/wg/wrk, src/stats.c of 4.1.0 and 4.2.0
 */
export function undoCorrection(corrected: Latencies, expected: number): Map<number, number> {
  const measured = new Map(corrected);
  for (const longest of [...corrected.keys()].toSorted((a, b) => b - a)) {
    const count = measured.get(longest) ?? 0;
    if (longest < 2 * expected) break;
    for (let added = longest - expected; count > 0 && added > expected; added -= expected) {
      const rest = (measured.get(added) ?? 0) - count;
      if (rest < 0) throw new RangeError(`${count} of ${longest} µs, but not as many of ${added} µs`);
      measured.set(added, rest);
    }
  }
  return measured;
}

export function countAll(latencies: Latencies): number {
  return [...latencies.values()].reduce((sum, count) => sum + count, 0);
}

/** In microseconds, by the nearest rank. */
export function percentile(latencies: Latencies, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * countAll(latencies)));
  let below = 0;
  for (const [microseconds, count] of [...latencies].toSorted(([a], [b]) => a - b)) {
    below += count;
    if (below >= rank) return microseconds;
  }
  return Number.NaN;
}
