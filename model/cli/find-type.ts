import { sensorFeatureNames } from '../dataset/sensor-features.ts';

/** The type of artifacts that name none. */
export const defaultType = 'climate';

const typePattern = /^[a-z][a-z0-9_-]{0,47}$/;
const timeoutMs = 2000;

/** @throws Error for an invalid name */
export function parseTypeName(name: string): string {
  if (typePattern.test(name)) return name;
  throw new Error(
    `--type "${name}": expected 1 to 48 of the characters a–z 0–9 _ -, with a letter at the beginning`,
  );
}

/** Whether these are the features of the default type, in any order. */
export function areDefaultFeatures(names: readonly string[]): boolean {
  return names.toSorted().join('\n') === sensorFeatureNames.toSorted().join('\n');
}

/** What is known of a sensor type. */
export type FoundType =
  | { state: 'known'; features: readonly string[] }
  /** The activation of a model makes it. */
  | { state: 'absent' }
  | { state: 'unreachable' };

/** Finds the features of a type: those of the default type are known, others are asked from the API. */
export async function findType(name: string, apiUrl: string): Promise<FoundType> {
  if (name === defaultType) return { state: 'known', features: sensorFeatureNames };
  try {
    const url = new URL(`/types/${name}`, apiUrl);
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (answer.status === 404) return { state: 'absent' };
    const { features } = (await answer.json()) as { features?: readonly { name: string }[] };
    return answer.ok && Array.isArray(features)
      ? { state: 'known', features: features.map((feature) => feature.name) }
      : { state: 'unreachable' };
  } catch {
    return { state: 'unreachable' };
  }
}

/** The commands that activate a model, and then score what was stored before. */
export function describeActivation(
  { name, type }: { name: string; type?: string | undefined },
  apiUrl: string,
): string[] {
  return [
    `Activate it now:   curl -X POST ${new URL(`/models/${name}/activate`, apiUrl).href}`,
    `Score old readings: npm run rescore${type === undefined ? '' : ` -- --type ${type}`}`,
  ];
}
