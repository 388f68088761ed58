import { isolateName } from '../../ui/isolate-name.ts';

/** The sensors whose names contain the text: those of `first`, then those that start with it, then the others. */
export function listSensors(known: readonly string[], first: readonly string[], typed: string): string[] {
  const text = typed.trim().toLowerCase();
  const rank = (name: string) => (first.includes(name) ? 0 : name.toLowerCase().startsWith(text) ? 1 : 2);
  const order = new Intl.Collator('en', { numeric: true });
  return [...new Set([...first, ...known])]
    .filter((name) => name.toLowerCase().includes(text))
    .map((name) => ({ name, rank: rank(name) }))
    .toSorted((a, b) => a.rank - b.rank || order.compare(a.name, b.name))
    .map(({ name }) => name);
}

export function describeSensors(chosen: readonly string[]): string {
  const [first] = chosen;
  if (first === undefined) return 'All sensors';
  return chosen.length === 1 ? first : `${isolateName(first)} and ${chosen.length - 1} more`;
}
