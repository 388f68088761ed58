import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../testing/random.ts';
import { type Draft, type Expected, type Mutation, mutate, pick, setHeader, words } from './draft.ts';

const objectNames = words`constructor __proto__ toString hasOwnProperty valueOf`;
const otherTypes = [
  ...['', 'application/json, application/json', ...objectNames],
  ...words`text/plain application/x-www-form-urlencoded multipart/form-data application/json5 application/jsonx
    application/vnd.api+json */* application/* / ; application json application/x-ndjson-x application/json/x`,
];
const otherCharsets = words`latin1 utf-16 utf-7 x constructor __proto__ utf-8x iso-8859-1`;

/** Draws Content-Type; returns whether the body is NDJSON. */
function drawContentType(draft: Draft, random: Random): boolean {
  const isNdjson = draft.route.body === 'reading' && random.isBelow(0.2);
  const type = isNdjson ? 'application/x-ndjson' : 'application/json';
  const set = (value: string) => setHeader(draft, 'Content-Type', value);
  const refuse = (name: string) => draft.changes.push({ name: `Content-Type: ${name}`, expected: [415] });
  const chance = random.fraction();
  if (chance < 0.8) set(type);
  else if (chance < 0.9) {
    const parameters = ['; charset=utf-8', ';charset=UTF-8', ' ; charset="utf-8"'];
    set(pick(random, [type.toUpperCase(), ...parameters.map((parameter) => type + parameter)]));
  } else if (chance < 0.98) {
    const charsets = otherCharsets.map((charset) => `${type}; charset=${charset}`);
    set(pick(random, chance < 0.95 ? otherTypes : charsets));
    refuse(draft.headers.at(-1)?.[1] ?? '');
  } else refuse('none');
  return isNdjson;
}

type Encode = (bytes: Buffer, random: Random) => Buffer;

interface Coding {
  header: string;
  name?: string;
  expected: 'accepted' | Expected;
  encode: Encode;
}

const plain: Encode = (bytes) => bytes;
const gzip: Encode = (bytes) => gzipSync(bytes, { level: 1 });
const deflate: Encode = (bytes) => deflateSync(bytes, { level: 1 });
const brotli: Encode = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
const bomb = Buffer.concat([Buffer.alloc(8_000_000, ' '), Buffer.from('1')]);

const compressions = Object.entries({ gzip, deflate, br: brotli });
const goodCodings = compressions.flatMap(([header, encode]): Coding[] => [
  { header, expected: 'accepted', encode },
  { header: header.toUpperCase(), expected: 'accepted', encode },
]);
const damagedCodings = compressions.flatMap(([header, encode]): Coding[] => {
  let packed: Buffer | undefined;
  const packBomb: Encode = (_, random) => (packed ??= encode(bomb, random));
  const truncate: Encode = (bytes, random) => {
    const compressed = encode(bytes, random);
    return compressed.subarray(0, random.between(1, compressed.length - 1));
  };
  const fill: Encode = (_, random) =>
    Buffer.from([1, ...Array.from({ length: random.between(1, 200) }, () => random.between(0, 255))]);
  return [
    { header, name: 'a truncated compressed body', expected: [400], encode: truncate },
    { header, name: 'random bytes as a compressed body', expected: [400], encode: fill },
    { header, name: 'a body that is not compressed', expected: [400], encode: plain },
    { header, name: 'a body that decompresses to too much', expected: [413, 400], encode: packBomb },
  ];
});
const unknownCodings = [
  ...objectNames,
  '\xff',
  'g zip',
  'gzip\t, x',
  ...words`compress zstd x * gzip;q=1 utf-8`,
].map((header): Coding => ({ header, expected: [415, 400], encode: plain }));
const oddCodings = Object.entries({
  'gzip, gzip': (bytes) => gzipSync(gzipSync(bytes)),
  'gzip, deflate': (bytes) => deflateSync(gzipSync(bytes)),
  'x-gzip': gzip,
  deflate: (bytes) => deflateRawSync(bytes),
  gzip: (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9)), bytes]),
  'identity, identity': plain,
  '': plain,
} satisfies Record<string, Encode>).map(
  ([header, encode]): Coding => ({ header, expected: 'either', encode }),
);
const codings = [
  ...[goodCodings, goodCodings, damagedCodings, damagedCodings, unknownCodings, oddCodings],
  [{ header: 'identity', expected: 'accepted', encode: plain } satisfies Coding],
];

function toChunks(bytes: Buffer, random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const part = bytes.subarray(start, start + random.between(1, Math.max(1, Math.ceil(bytes.length / 3))));
    const extension = random.isBelow(0.1) ? ';name="value"' : '';
    parts.push(Buffer.from(`${part.length.toString(16)}${extension}\r\n`), part, Buffer.from('\r\n'));
    start += part.length;
  }
  const trailer = random.isBelow(0.1) ? 'X-Trailer: 1\r\n' : '';
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

type Framing = Omit<Mutation, 'isEarly'>;

function withHeader(name: string, values: readonly string[], expected: Expected): Framing[] {
  return values.map((value) => ({
    ...{ name: `${name}: ${value}`, expected },
    apply: (draft) => setHeader(draft, name, value),
  }));
}

const badChunks = [
  ...['x\r\n{}\r\n0\r\n\r\n', '-1\r\n{}\r\n', '0x2\r\n{}\r\n0\r\n\r\n', '\r\n\r\n', '5;\r\n\0\r\n'],
  ...['fffffffffffffffff\r\n{}\r\n', '2\r\n{}}}}\r\n0\r\n\r\n', '2 2\r\n{}\r\n0\r\n\r\n'],
];
/** The head or the chunks say something impossible about the length of the body. */
const brokenFramings: readonly (readonly Framing[])[] = [
  withHeader(
    'Content-Length',
    ['', ' ', '1 1', ...words`-1 +1 0x10 1e2 x 1,1 99999999999999999999 1.0`],
    [400, 413],
  ),
  withHeader(
    'Transfer-Encoding',
    ['chunked, gzip', 'chunked chunked', '\x0bchunked', 'identity', 'xchunked'],
    [400, 411, 415],
  ),
  [
    {
      ...{ name: 'two different Content-Lengths', expected: [400] },
      apply: ({ headers, body: { length } }) =>
        headers.push(['Content-Length', String(length)], ['Content-Length', String(length + 1)]),
    },
  ],
  [
    {
      ...{ name: 'Content-Length beside Transfer-Encoding', expected: [400] },
      apply(draft, random) {
        draft.headers.push(['Content-Length', String(draft.body.length)], ['Transfer-Encoding', 'chunked']);
        draft.body = toChunks(draft.body, random);
      },
    },
  ],
  badChunks.map((chunks) => ({
    ...{ name: 'broken chunks', expected: [400, 413] },
    apply(draft) {
      setHeader(draft, 'Transfer-Encoding', 'chunked');
      draft.body = Buffer.from(chunks);
    },
  })),
  [
    {
      ...{ name: 'a body shorter than its Content-Length', expected: [408, 400] },
      apply: (draft, random) =>
        setHeader(draft, 'Content-Length', String(draft.body.length + random.pick([1, 1000]))),
    },
  ],
];
const framing: Framing = {
  ...{ name: '', expected: 'accepted' },
  apply(draft, random) {
    if (random.isBelow(0.3)) {
      setHeader(draft, 'Transfer-Encoding', random.isBelow(0.9) ? 'chunked' : 'CHUNKED');
      draft.body = toChunks(draft.body, random);
    } else setHeader(draft, 'Content-Length', String(draft.body.length));
  },
};

interface Content {
  isNdjson: boolean;
  /** Whether lines may be stored before the API sees that the rest is damaged. */
  isCutLater: boolean;
}

/**
 * Wraps a body: its type, compression and framing. All of these are drawn before the body, which may hold no valid
 * reading where one of them is refused.
 */
export function drawEnvelope(draft: Draft, toBody: (content: Content) => Buffer, random: Random): void {
  const isNdjson = drawContentType(draft, random);
  const coding = random.isBelow(0.25) ? pick<Coding>(random, pick(random, codings)) : undefined;
  if (coding) setHeader(draft, 'Content-Encoding', coding.header);
  const isDamaged = coding !== undefined && (damagedCodings.includes(coding) || oddCodings.includes(coding));
  const isCutLater = isNdjson && isDamaged;
  if (coding && coding.expected !== 'accepted') {
    const name = `${coding.name ?? 'Content-Encoding'} (${coding.header})`;
    draft.changes.push({ name, expected: isCutLater ? 'either' : coding.expected });
  }
  // Lines may be answered before broken framing is seen.
  const broken = !isNdjson && random.isBelow(0.03) ? pick(random, pick(random, brokenFramings)) : undefined;
  const isEarly = broken !== undefined;
  if (broken) mutate(draft, { ...broken, isEarly, apply: () => undefined }, random);
  const bytes = toBody({ isNdjson, isCutLater });
  draft.body = coding ? coding.encode(bytes, random) : bytes;
  (broken ?? framing).apply(draft, random);
}
