import type { Random } from '../testing/random.ts';

export function nest(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

const strings = (count: number) => `"${'x'.repeat(count)}"`;
const notNumbers = [
  '"24"',
  'null',
  'true',
  '[]',
  '{}',
  '[24]',
  '{"$gt":0}',
  '""',
  '"NaN"',
  '1e999',
  '-1e999',
  '1e308',
  '-1e308',
  '123456789012345678901234567890',
  '1001',
  '-274',
  nest(50),
  nest(5000),
  strings(100_000),
] as const;
const notIds = [
  '""',
  '1',
  'null',
  '{}',
  '[]',
  '"x"',
  '"0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a00"',
  '"{0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001}"',
  '"0b9a2a526c1c4d0e9a5a2a54f3e0a001"',
  '"0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a00g"',
  '"0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001\\u0000"',
  strings(100_000),
] as const;
const notSensors = [
  '""',
  '1',
  'null',
  '[]',
  '" "',
  '" a"',
  '"a "',
  '"a\\u0000"',
  '"\\u001b[2J"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u202e"',
  '"\\u200b"',
  '"a\\nb"',
  strings(65),
  strings(100_000),
] as const;
const notTimestamps = [
  '""',
  '1',
  '1700000000000',
  'null',
  '"now"',
  '"2025-01-01"',
  '"2025-01-01T00:00:00"',
  '"2025-02-31T00:00:00Z"',
  '"2025-02-29T00:00:00Z"',
  '"2025-01-01T25:00:00Z"',
  '"2025-01-01T00:61:00Z"',
  '"1969-12-31T23:59:59Z"',
  '"2999-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '"0000-01-01T00:00:00Z"',
  '"+275760-09-13T00:00:00Z"',
  '"-000001-01-01T00:00:00Z"',
  '"2025-01-01T00:00:00+99:99"',
  strings(10_000),
] as const;
/** Fields that no reading has, as JSON texts. */
export const unknownKeys = [
  '"extra":1',
  '"__proto__":1',
  '"__proto__":{"temperature":24}',
  '"constructor":1',
  '"constructor":{"prototype":{}}',
  '"toString":1',
  '"hasOwnProperty":1',
  '"toJSON":1',
  '"then":1',
  '"":1',
  '"temperature ":24',
  '"Temperature":24',
  '"\\u0000":1',
  '"\\ud800":1',
  `${strings(10_000)}:1`,
  `"deep":${nest(1000)}`,
  '"type":"none","model":"x"',
  '"prediction":0,"score":0',
] as const;
const features = ['temperature', 'humidity', 'sound_volume'] as const;

/** Changes the JSON texts of a reading's fields; says what is wrong afterwards. */
type Breaker = (fields: Map<string, string>, random: Random) => string;

function replace(name: string, values: readonly [string, ...string[]]): Breaker {
  return (fields, random) => {
    const value = random.pick(values);
    fields.set(name, value);
    return `${name}: ${value.slice(0, 60)}`;
  };
}

const breakers: readonly [Breaker, ...Breaker[]] = [
  (fields, random) => {
    const name = random.pick(features);
    fields.delete(name);
    return `no ${name}`;
  },
  (fields, random) => replace(random.pick(features), notNumbers)(fields, random),
  (fields, random) =>
    replace(random.pick(['humidity', 'sound_volume']), ['-0.1', '200.1', '-5e-324'])(fields, random),
  replace('id', notIds),
  replace('sensor_id', notSensors),
  replace('timestamp', notTimestamps),
];

/** Breaks one field of a reading, whose fields are JSON texts by name; returns what is wrong. */
export function breakField(fields: Map<string, string>, random: Random): string {
  return random.pick(breakers)(fields, random);
}
