import type { Random } from '../testing/random.ts';
import { breakField, nest, unknownKeys } from './reading-faults.ts';

/** `unwanted` readings must never be stored; `unclear` ones may be. */
export type Verdict = 'valid' | 'unwanted' | 'unclear';

const prefixes: Readonly<Record<Verdict, string>> = {
  valid: '600d600d',
  unwanted: 'bad0bad0',
  unclear: '0dd00dd0',
};

/** Every unwanted reading has this sensor, or an id with the prefix of unwanted ones, or both. */
export const unwantedSensor = 'unwanted';
export const unwantedIdPrefix = prefixes.unwanted;

/** An id that names the request and the row of its body. */
export function idOf(verdict: Verdict, index: number, row: number): string {
  const [request, place] = [index.toString(16).padStart(8, '0'), row.toString(16).padStart(4, '0')];
  return `${prefixes[verdict]}-0000-4000-8000-${request}${place}`;
}

/** The number of the request in which a reading of this id was sent. */
export function toRequestIndex(id: string): number {
  return Number.parseInt(id.slice(24, 32), 16);
}

/** One JSON text of a reading, and what is wrong with it. */
export interface ReadingText {
  text: string;
  id: string;
  verdict: Verdict;
  /** The fault of an unwanted reading. */
  fault?: string;
}

interface ReadingOptions {
  index: number;
  row: number;
}

const sensors = [
  'fuzz-1',
  'fuzz-2',
  'fuzz-3',
  'Fuzz-1',
  'öfen',
  '🔥',
  "'; DROP TABLE readings; --",
  '%',
  '\\',
  'null',
  '__proto__',
  'constructor',
  'x'.repeat(64),
] as const;
const timestamps = [
  '2025-01-01T00:00:00Z',
  '2025-06-30T23:59:59.999+14:00',
  '1970-01-01T00:00:00.000Z',
  '2024-02-29T12:00:00Z',
  '2025-01-01T00:00:00.123456Z',
  '2000-12-31T23:59:59-12:00',
] as const;

function drawFields(random: Random) {
  return {
    temperature: random.pick([24, 21.5, -273.15, 1000, 0, -0, 1e-320, 23.999999999999996]),
    humidity: random.pick([51, 45.25, 0, 100, 5e-324]),
    sound_volume: random.pick([60, 99.9, 0, 200]),
  };
}

/** A reading that must be accepted; in one of five the API chooses the id. */
export function drawValid({ index, row }: ReadingOptions, random: Random): ReadingText {
  const id = idOf('valid', index, row);
  const fields = {
    ...drawFields(random),
    ...(random.isBelow(0.8) && { id }),
    ...(random.isBelow(0.9) && { sensor_id: random.pick(sensors) }),
    ...(random.isBelow(0.5) && { timestamp: random.pick(timestamps) }),
  };
  return { text: JSON.stringify(fields), id, verdict: 'valid' };
}

function toJson(fields: ReadonlyMap<string, string>, more: readonly string[] = []): string {
  return `{${[...[...fields].map(([name, value]) => `"${name}":${value}`), ...more].join(',')}}`;
}

function toMap(fields: object): Map<string, string> {
  return new Map(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** Valid by itself, but in a request that must be refused. */
export function drawUnwanted({ index, row }: ReadingOptions, random: Random): ReadingText {
  const id = idOf('unwanted', index, row);
  return {
    text: toJson(toMap({ ...drawFields(random), id, sensor_id: unwantedSensor })),
    id,
    verdict: 'unwanted',
  };
}

/** A reading with exactly one fault, as JSON that can be parsed. */
export function drawFaulty({ index, row }: ReadingOptions, random: Random): ReadingText & { fault: string } {
  const id = idOf('unwanted', index, row);
  const fields = toMap({ ...drawFields(random), id, sensor_id: unwantedSensor });
  const chance = random.fraction();
  if (chance < 0.08) {
    const text = random.pick([
      'null',
      '1',
      '"x"',
      'true',
      '[]',
      '[[]]',
      '{}',
      nest(100),
      `[[${toJson(fields)}]]`,
    ]);
    return { text, id, verdict: 'unwanted', fault: `a reading that is ${text.slice(0, 60)}` };
  }
  if (chance < 0.3) {
    const key = random.pick(unknownKeys);
    return { text: toJson(fields, [key]), id, verdict: 'unwanted', fault: `the field ${key.slice(0, 60)}` };
  }
  const fault = breakField(fields, random);
  return { text: toJson(fields), id, verdict: 'unwanted', fault };
}

/** A reading that gives a field twice, or a name in escapes: JSON parsers differ about these. */
export function drawUnclear({ index, row }: ReadingOptions, random: Random): ReadingText {
  const id = idOf('unclear', index, row);
  const fields = toMap({ ...drawFields(random), id, sensor_id: 'unclear' });
  const more = random.pick([
    `"id":"${id}"`,
    '"temperature":25',
    '"\\u0074emperature":26',
    '"humidity":"x","humidity":50',
  ]);
  return { text: toJson(fields, [more]), id, verdict: 'unclear' };
}
