import { maxSensorsPerQuery } from '@sensor-sentinel/contracts';
import { isolateName } from '../../ui/isolate-name.ts';

/** The sensors whose names contain the text: selected ones first, then those that start with it. */
export function listSensors(known: readonly string[], chosen: readonly string[], typed: string): string[] {
  const text = typed.trim().toLowerCase();
  const matching = [...new Set([...chosen, ...known])].filter((name) => name.toLowerCase().includes(text));
  const rank = (name: string) => (chosen.includes(name) ? 0 : name.toLowerCase().startsWith(text) ? 1 : 2);
  const ranks = new Map(matching.map((name) => [name, rank(name)]));
  const order = new Intl.Collator('en', { numeric: true });
  return matching.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || order.compare(a, b));
}

/** Adds or removes a sensor; adds nothing beyond the maximum. */
export function toggleSensor(chosen: readonly string[], name: string): readonly string[] {
  if (chosen.includes(name)) return chosen.filter((each) => each !== name);
  return chosen.length >= maxSensorsPerQuery ? chosen : [...chosen, name];
}

export function describeSensors(chosen: readonly string[]): string {
  const [first] = chosen;
  if (first === undefined) return 'All sensors';
  return chosen.length === 1 ? first : `${isolateName(first)} and ${chosen.length - 1} more`;
}
