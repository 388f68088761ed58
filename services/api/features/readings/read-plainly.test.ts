import { readingInputSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlainly } from './read-plainly.ts';

const odd = fc.constantFrom<unknown>(
  null,
  '',
  ' a',
  'a ',
  'é',
  '24',
  NaN,
  -0,
  [],
  {},
  true,
  '\u0000',
  'x'.repeat(65),
);
const value = (min: number, max: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min, max }) },
    fc.constantFrom(min - 1e-9, max + 1e-9, min, max),
    odd,
  );
const text = fc.oneof(fc.string({ maxLength: 66 }), fc.string({ unit: 'binary', maxLength: 5 }), odd);
const timestamp = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '2026-02-30T00:00:00.000Z',
    '2026-03-01T24:00:00.000Z',
    '2026-03-01T12:00:00.5+02:00',
    '1969-12-31T23:59:59.999Z',
  ),
  odd,
);
const id = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.constant(`${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`),
  odd,
);

const body = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      {
        temperature: value(-273.15, 1000),
        humidity: value(0, 100),
        sound_volume: value(0, 200),
        sensor_id: text,
        id,
        timestamp,
      },
      { requiredKeys: ['temperature', 'humidity', 'sound_volume'] },
    ),
  },
  fc.record({
    temperature: value(0, 1),
    humidity: value(0, 1),
    sound_volume: value(0, 1),
    pressure: fc.constant(1),
  }),
  odd,
);

describe('readPlainly', () => {
  test('makes of a reading what the schema does, or leaves it to the schema', () => {
    fc.assert(
      fc.property(body, (reading) => {
        const plain = readPlainly(reading);
        if (plain) expect({ success: true, data: plain }).toEqual(readingInputSchema.safeParse(reading));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    { temperature: 24, humidity: 51, sound_volume: 60 },
    {
      temperature: 24,
      humidity: 51,
      sound_volume: 60,
      sensor_id: 'cellar 2',
      timestamp: '2026-03-01T12:00:00.000Z',
    },
    { temperature: 24, humidity: 51, sound_volume: 60, id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001' },
  ])('needs no schema for %j', (reading) => {
    expect(readPlainly(reading)).toEqual(readingInputSchema.parse(reading));
  });

  test('leaves a field that could change the prototype to the schema', () => {
    expect(readPlainly(JSON.parse('{"temperature":24,"humidity":51,"sound_volume":60,"__proto__":{}}'))).toBe(
      undefined,
    );
  });
});
