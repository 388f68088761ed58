import { maxSensorsAsked } from '@sensor-sentinel/contracts';

/** Shown of a list that may have thousands; the search finds the others. */
const mostShown = 100;

export interface SensorMatches {
  shown: string[];
  /** How many match besides. */
  more: number;
}

/** The sensors whose names contain the text: those chosen first, then those that begin with it. */
export function findSensors(
  known: readonly string[],
  chosen: readonly string[],
  typed: string,
): SensorMatches {
  const text = typed.trim().toLowerCase();
  const matching = [...new Set([...chosen, ...known])].filter((name) => name.toLowerCase().includes(text));
  const rank = (name: string) => (chosen.includes(name) ? 0 : name.toLowerCase().startsWith(text) ? 1 : 2);
  const ranks = new Map(matching.map((name) => [name, rank(name)]));
  const order = new Intl.Collator('en', { numeric: true });
  matching.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || order.compare(a, b));
  return { shown: matching.slice(0, mostShown), more: Math.max(0, matching.length - mostShown) };
}

/** Adds or takes away; what would be too many stays out. */
export function toggleSensor(chosen: readonly string[], name: string): readonly string[] {
  if (chosen.includes(name)) return chosen.filter((each) => each !== name);
  return chosen.length >= maxSensorsAsked ? chosen : [...chosen, name];
}

export function describeSensors(chosen: readonly string[]): string {
  const [first] = chosen;
  if (first === undefined) return 'All sensors';
  return chosen.length === 1 ? first : `${first} and ${chosen.length - 1} more`;
}
