import fc from 'fast-check';
import { choose, long, nest, type Part, type Verdict, words } from './choices.ts';
import { anyReading, type Reading, sharedIds } from './readings.ts';

export type BodyKind = 'reading' | 'feedback' | 'lease' | 'ack' | 'tensors';

export interface Body extends Part<Buffer> {
  /** Those that are in it whole. */
  readings: readonly Reading[];
}

const anyCount = fc.oneof(fc.constantFrom(0, 1, 10, 1000), fc.nat());
const sender = fc.constantFrom('a', 'b', 'fuzz:1');
const feedback = fc.record(
  {
    id: fc.constantFrom(...sharedIds),
    label: fc.constantFrom(0, 1),
    source: fc.constantFrom('label', 'person', 'verdict'),
  },
  { requiredKeys: ['id', 'label'] },
);
const tensor = (name: string, shape: number[], data: number[]) => ({ name, shape, datatype: 'FP64', data });
const single = ['temperature', 'humidity', 'sound_volume'].map((name) => tensor(name, [1], [24]));
const whole = tensor('input', [2, 3], [24, 51, 60, 19, 41, 99]);
const tensors = [
  [tensor('input', [2, 3], [24, 51, 60, 19.5, 41, 99])],
  [tensor('input', [3], [24, 51, 60])],
  single,
  ...words`FP16 BF16 FP32 INT8 INT16 INT32 INT64 UINT8 UINT16 UINT32 UINT64`.map((datatype) => [
    { ...whole, datatype },
  ]),
  [{ ...tensor('input', [1, 3], []), datatype: 'BOOL', data: [true, false, true] }],
];

/** Valid bodies of the routes that take no readings. */
const validBodies: Readonly<Record<Exclude<BodyKind, 'reading'>, fc.Arbitrary<object>>> = {
  feedback: fc.oneof(feedback, fc.array(feedback, { minLength: 1, maxLength: 5 })),
  lease: fc.record(
    {
      sender,
      file: fc.constantFrom(
        ...[null, 'ab'.repeat(32)].map((fingerprint) => ({ name: 'readings.csv', fingerprint })),
      ),
      loops: fc.constantFrom(0, 1, 1_000_000_000),
      rows: fc.integer({ min: 1, max: 10_000 }),
      shares_evenly: fc.boolean(),
      total_rows: fc.constantFrom(1, 1000),
    },
    { requiredKeys: ['sender', 'file', 'loops', 'rows'] },
  ),
  ack: fc.record(
    {
      sender,
      lease_id: fc.uuid(),
      done_rows: anyCount,
      outcomes: fc
        .tuple(anyCount, fc.constantFrom('duplicates', 'replayed'))
        .map(([stored, duplicates]) => ({ stored, rejected: 0, bad: 0, dropped: 0, [duplicates]: 0 })),
      is_released: fc.boolean(),
      total_rows: anyCount,
      load: fc.constant({
        offered_per_second: 1.5,
        accepted_per_second: 1e308,
        shed: 0,
        p50_ms: null,
        p99_ms: 3,
        latencies: [0, 2, 1],
      }),
    },
    { requiredKeys: ['sender', 'lease_id', 'done_rows', 'outcomes'] },
  ),
  tensors: fc.record(
    {
      inputs: fc.constantFrom(...tensors),
      id: fc.constantFrom('x', 7, null),
      parameters: fc.constantFrom({}, null, { binary_data_output: true }),
      outputs: fc.constantFrom('prediction', 'score').map((name) => [{ name }]),
    },
    { requiredKeys: ['inputs'] },
  ),
};

const nasty = [
  ...words`1e999 "\u0000" "\ud800" [[[[]]]] {"__proto__":{"a":1}} {"constructor":{"prototype":{"a":1}}} {} [] null`,
  ...[`"${long(70_000)}"`, nest(2000), `[${'1,'.repeat(20_000)}1]`],
];
const anyJson = fc.oneof(fc.json(), fc.constantFrom(...nasty));
const anyName = fc.oneof(
  fc.constantFrom(
    ...words`sender file rows loops lease_id done_rows outcomes load id label source inputs outputs`,
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', long(1000)),
);

/** A body with a field replaced or added, or other JSON. */
function changeBody(valid: fc.Arbitrary<object>): fc.Arbitrary<string> {
  const changed = fc.tuple(valid, anyName, anyJson).map(([body, name, json]) => {
    const others = JSON.stringify({ ...body, [name]: undefined }).slice(0, -1);
    return `${others}${others === '{' ? '' : ','}${JSON.stringify(name)}:${json}}`;
  });
  return fc.oneof(changed, anyJson);
}

const notJson = [
  ...['', ' ', '"\u0001"', '\0', '//x\n1', 'true false', '{"a":'.repeat(5000), '['.repeat(100_000)],
  ...words`{ [ } {"temperature":NaN} {'temperature':24} {"temperature":24,} [1,] undefined Infinity 0x10 01
    {"a":1}{"b":2} <xml/> temperature=24&humidity=51 - "\x" "\u12" [[[[[[`,
];
const notUtf8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80]];

/** What makes JSON with a string in it another text that is not JSON, or too long. */
const damages = choose<(text: string) => Buffer | string>({
  odd: [(text) => `\ufeff${text}`],
  invalid: [
    ...notUtf8.map(
      (bytes) => (text: string) =>
        Buffer.concat([Buffer.from('"'), Buffer.from(bytes), Buffer.from(text.slice(1))]),
    ),
    (text) => text.slice(0, -1),
    (text) => text.slice(0, text.length / 2),
    (text) => text.replace('"', '"\u0001'),
    (text) => text.replace(':', ':NaN,"x":'),
    (text) => `${text}x`,
    (text) => Buffer.from(text, 'utf16le'),
    (text) => `${text.slice(0, -1)}${' '.repeat(1_100_000)}${text.slice(-1)}`,
    ...notJson.map((text) => () => text),
  ],
});
const damage = (json: fc.Arbitrary<string>) =>
  fc.tuple(json, damages).map(([text, { value: apply, verdict }]): Part<Buffer> => {
    return { value: Buffer.from(apply(text)), verdict };
  });

const toBody = (text: Buffer | string, verdict: Verdict, readings: readonly Reading[] = []): Body => {
  return { value: Buffer.from(text), verdict, readings };
};

/** For every route but `POST /predict`. */
function jsonBody(valid: fc.Arbitrary<object>): fc.Arbitrary<Body> {
  const texts = valid.map((body) => JSON.stringify(body));
  return fc.oneof(
    { weight: 4, arbitrary: texts.map((text) => toBody(text, 'valid')) },
    { weight: 4, arbitrary: changeBody(valid).map((text) => toBody(text, 'odd')) },
    { weight: 2, arbitrary: damage(texts).map(({ value, verdict }) => toBody(value, verdict)) },
  );
}

/** A reading that is not stored, as it is damaged as a text. */
const damagedText = damage(anyReading.filter(({ verdict }) => verdict === 'valid').map(({ value }) => value));

const singleBody: fc.Arbitrary<Body> = fc.oneof(
  { weight: 8, arbitrary: anyReading.map((reading) => toBody(reading.value, reading.verdict, [reading])) },
  { weight: 1, arbitrary: damagedText.map(({ value, verdict }) => toBody(value, verdict)) },
);

/** An array is accepted if one of its readings is valid. */
function judgeArray(readings: readonly Reading[], length: number): Verdict {
  if (readings.length === 0 || readings.length > 1000) return 'invalid';
  if (length > 900_000) return 'odd'; // close to the limit
  const best = (['valid', 'odd'] as const).find((one) => readings.some(({ verdict }) => verdict === one));
  return best ?? 'invalid';
}

const arrayBody: fc.Arbitrary<Body> = fc
  .constantFrom(0, 1, 2, 3, 5, 8, 20, 60, 1001)
  .chain((length) => fc.array(anyReading, { minLength: length, maxLength: length }))
  .map((readings) => {
    const text = `[${readings.map(({ value }) => value).join(',')}]`;
    return toBody(text, judgeArray(readings, text.length), readings);
  });

const noise = fc.oneof(
  fc.constantFrom('\n \n\t\n\r', ...[16_000, 20_000, 200_000].map((length) => `"${long(length)}"`)),
  damagedText.map(({ value }) => value.subarray(0, 1000)),
);

/** A stream is answered 200, whatever its lines are; it passes over blank ones and answers others with errors. */
export const linesBody: fc.Arbitrary<Body> = fc
  .tuple(
    fc.array(fc.tuple(anyReading, fc.option(noise, { freq: 5 })), { maxLength: 60 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([lines, newline, isEnded]) => {
    const texts = lines.flatMap(([reading, before]) => [...(before === null ? [] : [before]), reading.value]);
    const pieces = texts.flatMap((text) => [Buffer.from(text), Buffer.from(newline)]);
    const readings = lines.map(([reading]) => reading);
    return toBody(
      Buffer.concat(isEnded ? pieces : pieces.slice(0, -1)),
      lines.length > 0 ? 'valid' : 'odd',
      readings,
    );
  });

export const bodies: Readonly<Record<BodyKind, fc.Arbitrary<Body>>> = {
  reading: fc.oneof({ weight: 7, arbitrary: singleBody }, { weight: 3, arbitrary: arrayBody }),
  feedback: jsonBody(validBodies.feedback),
  lease: jsonBody(validBodies.lease),
  ack: jsonBody(validBodies.ack),
  tensors: jsonBody(validBodies.tensors),
};
