/** ` (did you mean "anomalies"?)` for the nearest of the known names; nothing where none is near. */
export function suggestName(name: string, known: readonly string[]): string {
  const near = known
    .map((candidate) => ({ candidate, distance: findEditDistance(name, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return near[0] === undefined ? '' : ` (did you mean ${JSON.stringify(near[0].candidate)}?)`;
}

/** Levenshtein's distance: how many characters are inserted, deleted or replaced. */
function findEditDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
