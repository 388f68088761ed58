import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../testing/random.ts';
import { pick, words } from './choices.ts';
import { type Draft, type Expected, setHeader } from './draft.ts';

const objectNames = words`constructor __proto__ toString hasOwnProperty`;
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
  const spellings = [type.toUpperCase(), `${type};charset=UTF-8`, `${type} ; charset="utf-8"`];
  const charsets = otherCharsets.map((charset) => `${type}; charset=${charset}`);
  const chance = random.fraction();
  const values = chance < 0.8 ? [type] : chance < 0.9 ? spellings : chance < 0.95 ? otherTypes : charsets;
  const value = chance < 0.98 ? pick(random, values) : undefined;
  if (value !== undefined) setHeader(draft, 'Content-Type', value);
  if (chance >= 0.9) draft.changes.push({ name: `Content-Type: ${value ?? 'missing'}`, expected: [415] });
  return isNdjson;
}

type Encode = (bytes: Buffer, random: Random) => Buffer;

interface Coding {
  /** Of Content-Encoding. */
  header: string;
  expected: 'accepted' | Expected;
  encode: Encode;
  /** Whether lines may be stored before the API sees that the rest is damaged. */
  isCutLater?: boolean;
}

const plain: Encode = (bytes) => bytes;
const compressions = Object.entries<Encode>({
  gzip: (bytes) => gzipSync(bytes, { level: 1 }),
  deflate: (bytes) => deflateSync(bytes, { level: 1 }),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
});
const bomb = Buffer.concat([Buffer.alloc(8_000_000, ' '), Buffer.from('1')]);

const goodCodings = compressions.flatMap(([header, encode]): Coding[] => [
  { header, expected: 'accepted', encode },
  { header: header.toUpperCase(), expected: 'accepted', encode },
]);
const damagedCodings = compressions.flatMap(([header, encode]): Coding[] => {
  let packedBomb: Buffer | undefined;
  const truncate: Encode = (bytes, random) => {
    const compressed = encode(bytes, random);
    return compressed.subarray(0, random.between(1, compressed.length - 1));
  };
  const fill: Encode = (_, random) =>
    Buffer.from([1, ...Array.from({ length: random.between(1, 200) }, () => random.between(0, 255))]);
  const explode: Encode = (_, random) => (packedBomb ??= encode(bomb, random));
  const damaged = [truncate, fill, plain].map((damage): Coding => {
    return { header, expected: [400], encode: damage, isCutLater: true };
  });
  return [...damaged, { header, expected: [413, 400], encode: explode, isCutLater: true }];
});
const unknownCodings = [
  '\xff',
  'g zip',
  'gzip\t, x',
  ...objectNames,
  ...words`compress zstd x * gzip;q=1 utf-8`,
].map((header): Coding => ({ header, expected: [415, 400], encode: plain }));
const oddCodings = Object.entries<Encode>({
  'gzip, gzip': (bytes) => gzipSync(gzipSync(bytes)),
  'gzip, deflate': (bytes) => deflateSync(gzipSync(bytes)),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateRawSync(bytes),
  gzip: (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9)), bytes]),
  'identity, identity': plain,
  '': plain,
}).map(([header, encode]): Coding => ({ header, expected: 'either', encode, isCutLater: true }));
const identity: Coding = { header: 'identity', expected: 'accepted', encode: plain };
const codings = [
  goodCodings,
  goodCodings,
  damagedCodings,
  damagedCodings,
  unknownCodings,
  oddCodings,
  [identity],
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

interface Framing {
  expected: 'accepted' | Expected;
  /** `name:value` */
  toHeaders: (length: number) => string[];
  frame?: Encode;
}

const badLengths = ['', ' ', '1 1', ...words`-1 +1 0x10 1e2 x 1,1 99999999999999999999 1.0`];
const badCodings = ['chunked, gzip', 'chunked chunked', '\x0bchunked', 'identity', 'xchunked'];
const badChunks = [
  ...['x\r\n{}\r\n0\r\n\r\n', '-1\r\n{}\r\n', '0x2\r\n{}\r\n0\r\n\r\n', '\r\n\r\n', '5;\r\n\0\r\n'],
  ...['fffffffffffffffff\r\n{}\r\n', '2\r\n{}}}}\r\n0\r\n\r\n', '2 2\r\n{}\r\n0\r\n\r\n'],
];
const chunked = 'Transfer-Encoding:chunked';
/** The head or the chunks say something impossible about the length of the body. */
const brokenFramings: readonly Framing[] = [
  ...badLengths.map((value) => ({ expected: [400, 413], toHeaders: () => [`Content-Length:${value}`] })),
  ...badCodings.map((value) => ({
    expected: [400, 411, 415],
    toHeaders: () => [`Transfer-Encoding:${value}`],
  })),
  ...badChunks.map((text) => ({
    ...{ expected: [400, 413], toHeaders: () => [chunked], frame: () => Buffer.from(text) },
  })),
  { expected: [400], toHeaders: (length) => [`Content-Length:${length}`, `Content-Length:${length + 1}`] },
  { expected: [400], toHeaders: (length) => [`Content-Length:${length}`, chunked], frame: toChunks },
  { expected: [408, 400], toHeaders: (length) => [`Content-Length:${length + 1}`] },
];
const inChunks: Framing = { expected: 'accepted', toHeaders: () => [chunked], frame: toChunks };
const withLength: Framing = { expected: 'accepted', toHeaders: (length) => [`Content-Length:${length}`] };

interface Content {
  isNdjson: boolean;
  isCutLater: boolean;
}

/**
 * Wraps a body: its type, compression and framing. All of these are drawn before the body, which may hold no valid
 * reading where one of them is refused.
 */
export function drawEnvelope(draft: Draft, toBody: (content: Content) => Buffer, random: Random): void {
  const isNdjson = drawContentType(draft, random);
  const coding = random.isBelow(0.25) ? pick<Coding>(random, pick(random, codings)) : undefined;
  const isCutLater = isNdjson && (coding?.isCutLater ?? false);
  if (coding && coding.expected !== 'accepted') {
    const name = `Content-Encoding: ${coding.header} ${coding.isCutLater ? 'of another body' : ''}`;
    draft.changes.push({ name, expected: isCutLater ? 'either' : coding.expected });
  }
  // Lines may be answered before broken framing is seen.
  const isBroken = !isNdjson && random.isBelow(0.03);
  const framing = isBroken ? pick(random, brokenFramings) : random.isBelow(0.3) ? inChunks : withLength;
  if (framing.expected !== 'accepted') {
    draft.changes.push({ name: `broken framing: ${framing.toHeaders(0)}`, expected: framing.expected });
    draft.isRefusedEarly = true;
  }
  const body = toBody({ isNdjson, isCutLater });
  const encoded = coding ? coding.encode(body, random) : body;
  if (coding) setHeader(draft, 'Content-Encoding', coding.header);
  for (const header of framing.toHeaders(encoded.length)) {
    const [name = '', value = ''] = header.split(':');
    draft.headers.push([name, value]);
  }
  draft.body = framing.frame?.(encoded, random) ?? encoded;
}
