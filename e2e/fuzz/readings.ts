import type { Random } from '../testing/random.ts';
import { pick, words } from './choices.ts';

/** `invalid` readings, and valid ones in a request that must be refused, are never stored; `unclear` ones may be. */
export type ReadingKind = 'valid' | 'invalid' | 'refused' | 'unclear';

/** The sensor of invalid and refused readings, unless that is what is invalid; their ids have the prefix. */
export const unwantedSensor = 'unwanted';
export const unwantedPrefix = 'bad0bad0';

const prefixes = { valid: '600d600d', invalid: unwantedPrefix, refused: unwantedPrefix, unclear: '0dd00dd0' };

/** An id that names the request, and the row of its body. */
export function idOf(kind: ReadingKind, index: number, row: number): string {
  const [request, place] = [index.toString(16).padStart(8, '0'), row.toString(16).padStart(4, '0')];
  return `${prefixes[kind]}-0000-4000-8000-${request}${place}`;
}

/** The request in which a reading was sent; undefined for an id that the API made. */
export function toRequestIndex(id: string): number | undefined {
  const isOurs = /^(600d600d|bad0bad0|0dd00dd0)-0000-4000-8000-/.test(id);
  return isOurs ? Number.parseInt(id.slice(24, 32), 16) : undefined;
}

export interface Reading {
  /** JSON. */
  text: string;
  kind: ReadingKind;
  /** What is wrong with an invalid one. */
  fault?: string;
}

const features = ['temperature', 'humidity', 'sound_volume'];
const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const string = (length: number) => `"${'x'.repeat(length)}"`;
const uuid = '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001';

const validValues = {
  temperature: [24, 21.5, -273.15, 1000, 0, -0, 1e-320, 23.999999999999996],
  humidity: [51, 45.25, 0, 100, 5e-324],
  sound_volume: [60, 99.9, 0, 200],
  sensor_id: [
    ...words`fuzz-1 fuzz-2 fuzz-3 Fuzz-1 öfen 🔥 % \ null __proto__ constructor`,
    "'; DROP TABLE readings; --",
    'x'.repeat(64),
  ],
  timestamp: words`2025-01-01T00:00:00Z 2025-06-30T23:59:59.999+14:00 1970-01-01T00:00:00.000Z 2024-02-29T12:00:00Z
    2025-01-01T00:00:00.123456Z 2000-12-31T23:59:59-12:00`,
};

const notNumbers = [
  ...words`"24" null true [] {} [24] {"$gt":0} "" "NaN" 1e999 -1e999 1e308 -1e308 1001 -274`,
  ...['123456789012345678901234567890', nest(50), nest(5000), string(100_000)],
];
const notBelowZero = [...notNumbers, ...words`-0.1 200.1 -5e-324`];

/** JSON texts that a field must not have; an absent feature is missing. */
const invalidValues: Readonly<Record<string, readonly (string | undefined)[]>> = {
  temperature: [undefined, undefined, ...notNumbers],
  humidity: [undefined, undefined, ...notBelowZero],
  sound_volume: [undefined, undefined, ...notBelowZero],
  id: [
    ...words`"" 1 null {} [] "x"`,
    ...[uuid.slice(1), `{${uuid}}`, uuid.replaceAll('-', ''), uuid.replace('4', 'g'), `${uuid}\0`].map((id) =>
      JSON.stringify(id),
    ),
    string(100_000),
  ],
  sensor_id: [
    ...words`"" 1 null [] "a\u0000" "\u001b[2J" "\ud800" "\udc00\ud800" "\u202e" "\u200b" "a\nb"`,
    ...['" "', '" a"', '"a "', string(65), string(100_000)],
  ],
  timestamp: words`"" 1 1700000000000 null "now" "2025-01-01" "2025-01-01T00:00:00" "2025-02-31T00:00:00Z"
    "2025-02-29T00:00:00Z" "2025-01-01T25:00:00Z" "2025-01-01T00:61:00Z" "1969-12-31T23:59:59Z" "2999-01-01T00:00:00Z"
    "9999-12-31T23:59:59Z" "0000-01-01T00:00:00Z" "+275760-09-13T00:00:00Z" "-000001-01-01T00:00:00Z"
    "2025-01-01T00:00:00+99:99"`.concat(string(10_000)),
};

const manyFields = (count: number) => Array.from({ length: count }, (_, key) => `"k${key}":${key}`).join(',');

/** Fields that no reading has, as JSON. */
const unknownFields = [
  ...words`"extra":1 "__proto__":1 "__proto__":{"temperature":24} "constructor":1 "constructor":{"prototype":{}}
    "toString":1 "hasOwnProperty":1 "toJSON":1 "then":1 "":1 "Temperature":24 "\u0000":1 "\ud800":1
    "type":"none","model":"x" "prediction":0,"score":0`,
  ...[
    '"temperature ":24',
    `${string(10_000)}:1`,
    `"deep":${nest(1000)}`,
    manyFields(1000),
    manyFields(50_000),
  ],
];
const notReadings = [...words`null 1 "x" true [] [[]] {} [[{"temperature":24}]]`, nest(100)];

/** Fields given twice, or in escapes: JSON parsers differ about these. */
const unclearFields = words`"temperature":25 "\u0074emperature":26 "humidity":"x","humidity":50`;

function drawFields(kind: ReadingKind, id: string, random: Random): Map<string, string> {
  const valid = kind === 'valid';
  const fields: Record<string, unknown> = {
    ...Object.fromEntries(features.map((name) => [name, pick(random, validValues[name as 'humidity'])])),
    ...((!valid || random.isBelow(0.8)) && { id }), // else the API makes one
    ...((!valid || random.isBelow(0.9)) && { sensor_id: valid ? pick(random, validValues.sensor_id) : kind }),
    ...(valid && random.isBelow(0.5) && { timestamp: pick(random, validValues.timestamp) }),
  };
  if (kind === 'invalid' || kind === 'refused') fields.sensor_id = unwantedSensor;
  return new Map(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]));
}

export function drawReading(
  kind: ReadingKind,
  { index, row }: { index: number; row: number },
  random: Random,
): Reading {
  const id = idOf(kind, index, row);
  const fields = drawFields(kind, id, random);
  const write = (...more: string[]) =>
    `{${[...[...fields].map(([name, value]) => `"${name}":${value}`), ...more].join(',')}}`;
  if (kind === 'unclear') return { kind, text: write(pick(random, [`"id":"${id}"`, ...unclearFields])) };
  if (kind !== 'invalid') return { kind, text: write() };
  const chance = random.fraction();
  if (chance < 0.08) {
    const text = pick(random, notReadings);
    return { kind, text, fault: `a reading that is ${text.slice(0, 60)}` };
  }
  if (chance < 0.3) {
    const field = pick(random, unknownFields);
    return { kind, text: write(field), fault: `the field ${field.slice(0, 60)}` };
  }
  const name = pick(random, Object.keys(invalidValues));
  const value = pick(random, invalidValues[name] ?? []);
  if (value === undefined) fields.delete(name);
  else fields.set(name, value);
  return { kind, text: write(), fault: `${name}: ${value?.slice(0, 60) ?? 'missing'}` };
}
