import fc from 'fast-check';
import { long, nest, type Part, words } from './choices.ts';

/** JSON text of a reading, and its id if it has one. */
export interface Reading extends Part {
  id: string | undefined;
}

const toId = (prefix: string) => (digits: bigint) =>
  `${prefix}-0000-4000-8000-${digits.toString(16).padStart(12, '0')}`;
const anyDigits = fc.noBias(fc.bigInt(0n, 2n ** 48n - 1n));
const newId = anyDigits.map(toId('600d600d'));
/** Ids that several requests use, and that the routes of one reading ask for. */
export const sharedIds = [1n, 2n, 3n, 4n, 5n].map(toId('0dd00dd0'));
/** The sensor of invalid readings, unless that is what is invalid; their ids have the prefix. */
export const unwantedSensor = 'unwanted';
export const unwantedPrefix = 'bad0bad0';

const limits = { temperature: [-273.15, 1000], humidity: [0, 100], sound_volume: [0, 200] } as const;
type Limits = readonly [min: number, max: number];
const within = ([min, max]: Limits) =>
  fc.oneof(fc.constantFrom(min, max, 24), fc.double({ min, max, noNaN: true }));
const outside = ([min, max]: Limits) =>
  fc.oneof(
    fc.constantFrom(max + 0.1, max + 1, min - 0.1, min - 1),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => value < min || value > max),
  );
const features = {
  temperature: within(limits.temperature),
  humidity: within(limits.humidity),
  sound_volume: within(limits.sound_volume),
};
const sensorIds = [
  ...words`fuzz-1 fuzz-2 fuzz-3 Fuzz-1 öfen 🔥 % \ null __proto__ constructor`,
  ...["'; DROP TABLE readings; --", long(64), 'زیر\u200cزمین', '👩\u200d🔬 lab', '\ue000\u0600'],
];
const timestamps = words`2025-01-01T00:00:00Z 2025-06-30T23:59:59.999+14:00 1970-01-01T00:00:00.000Z
  2024-02-29T12:00:00Z 2025-01-01T00:00:00.123456Z 2000-12-31T23:59:59-12:00`;

const validFields = fc.record(
  {
    ...features,
    id: newId,
    sensor_id: fc.constantFrom(...sensorIds),
    timestamp: fc.constantFrom(...timestamps),
  },
  { requiredKeys: ['temperature', 'humidity', 'sound_volume'] },
);
const unwantedFields = fc.record({
  ...features,
  id: anyDigits.map(toId(unwantedPrefix)),
  sensor_id: fc.constant(unwantedSensor),
});

/** The JSON of a reading without its last bracket, to which fields are added. */
const open = (fields: object) => JSON.stringify(fields).slice(0, -1);

const validReading = validFields.map((fields): Reading => {
  return { value: JSON.stringify(fields), verdict: 'valid', id: fields.id };
});

/** Fields given twice or in escapes, about which JSON parsers differ, and ids that another request may have used. */
const oddFields = words`"temperature":25 "\u0074emperature":26 "humidity":"x","humidity":50 "sensor_id":"odd"`;
const oddReading = fc
  .tuple(fc.record({ ...features, id: fc.constantFrom(...sharedIds) }), fc.constantFrom(...oddFields))
  .map(([fields, more]): Reading => {
    return { value: `${open(fields)},${more}}`, verdict: 'odd', id: fields.id };
  });

const notFeatures = [
  ...words`"24" "NaN" 1e999 -1e999 123456789012345678901234567890 {"$gt":0}`,
  ...[nest(50), nest(5000), `"${long(100_000)}"`],
];
const uuid = '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001';
const notIds = [
  '',
  'x',
  uuid.slice(1),
  `{${uuid}}`,
  uuid.replaceAll('-', ''),
  uuid.replace('4', 'g'),
  `${uuid}\0`,
];

/** JSON texts that a field must not have. */
const invalidTexts: Readonly<Record<string, readonly string[]>> = {
  temperature: notFeatures,
  humidity: notFeatures,
  sound_volume: notFeatures,
  id: [...notIds, long(100_000)].map((id) => JSON.stringify(id)),
  sensor_id: [
    ...words`"" "a\u0000" "\u001b[2J" "\ud800" "\udc00\ud800" "\u202e" "\u200b" "a\nb" "\u200da" "a\u200c"
      "a\u200d\u200cb" "a\u2066b" "a\u009bb" "a\u2028b" "a\uffffb"`,
    ...['" "', '" a"', '"a "', `"${long(65)}"`, `"${long(100_000)}"`],
  ],
  timestamp: words`"" "now" "2025-01-01" "2025-01-01T00:00:00" "2025-02-31T00:00:00Z" "2025-02-29T00:00:00Z"
    "2025-01-01T25:00:00Z" "2025-01-01T00:61:00Z" "1969-12-31T23:59:59Z" "2999-01-01T00:00:00Z"
    "9999-12-31T23:59:59Z" "0000-01-01T00:00:00Z" "+275760-09-13T00:00:00Z" "-000001-01-01T00:00:00Z"
    "2025-01-01T00:00:00+99:99"`.concat(`"${long(10_000)}"`),
};

/** JSON texts of a field that is invalid: out of its limits, such a text, of another type, or missing. */
function invalidValues(name: string): fc.Arbitrary<string | undefined> {
  const texts = fc.constantFrom(...(invalidTexts[name] ?? []));
  const isFeature = name in limits;
  const otherType = fc.jsonValue().filter((value) => typeof value !== (isFeature ? 'number' : 'string'));
  const others = otherType.map((value) => JSON.stringify(value));
  if (!isFeature) return fc.oneof({ weight: 3, arbitrary: texts }, others);
  const numbers = outside(limits[name as keyof typeof limits]).map((value) => JSON.stringify(value)); // one of them
  return fc.oneof({ weight: 3, arbitrary: numbers }, texts, others, fc.constant(undefined));
}
const invalidField = fc.oneof(
  ...Object.keys(invalidTexts).map((name) => fc.tuple(fc.constant(name), invalidValues(name))),
);

const manyFields = (count: number) => Array.from({ length: count }, (_, key) => `"k${key}":${key}`).join(',');
/** Fields that no reading has. */
const unknownFields = fc.oneof(
  fc.constantFrom(
    ...words`"__proto__":1 "__proto__":{"temperature":24} "constructor":1 "constructor":{"prototype":{}} "toString":1
      "hasOwnProperty":1 "toJSON":1 "then":1 "":1 "Temperature":24 "\u0000":1 "\ud800":1 "prediction":0,"score":0`,
    ...['"temperature ":24', `"${long(10_000)}":1`, `"deep":${nest(1000)}`, manyFields(1000)],
  ),
  fc.tuple(fc.string(), fc.json()).map(([name, json]) => `${JSON.stringify(`x${name}`)}:${json}`),
);
const notReadings = fc.oneof(
  fc.constantFrom(...words`null 1 "x" true [] [[]] {} [[{"temperature":24}]]`, nest(100)),
  fc.jsonValue().map((value) => JSON.stringify([value])),
);

const toInvalid = (value: string, id?: string): Reading => ({ value, verdict: 'invalid', id });
const brokenReading = fc.tuple(unwantedFields, invalidField).map(([fields, [name, text]]) => {
  const others = open({ ...fields, [name]: undefined });
  return toInvalid(text === undefined ? `${others}}` : `${others},"${name}":${text}}`, fields.id);
});
const extendedReading = fc
  .tuple(unwantedFields, unknownFields)
  .map(([fields, more]) => toInvalid(`${open(fields)},${more}}`, fields.id));
const invalidReading = fc.oneof(
  { weight: 6, arbitrary: brokenReading },
  { weight: 2, arbitrary: extendedReading },
  { weight: 1, arbitrary: notReadings.map((value) => toInvalid(value)) },
);

export const anyReading = fc.oneof(
  { weight: 5, arbitrary: validReading },
  { weight: 2, arbitrary: invalidReading },
  { weight: 1, arbitrary: oddReading },
);
