/** How many answers took so many microseconds. */
export type Latencies = ReadonlyMap<number, number>;

/**
 * The latencies that wrk measured, out of those that it gives. Before it gives them, it adds some (`stats_correct`): an
 * answer that took `n`, at least twice the mean time per request of a connection, stands also for requests that would
 * have been sent meanwhile and taken `n - expected`, `n - 2 * expected` and so on, down to `expected`. What is added
 * for `n` is below `n`, so from the longest down each count is that of the measured answers when its turn comes.
 *
 * @param corrected - as wrk gives them to `done`
 * @param expected - mean time per request of a connection, whole microseconds, as wrk reckons it
 * @throws RangeError where `corrected` cannot have come about so
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
