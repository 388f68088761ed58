import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { type Choices, objectNames, words } from './choices.ts';

const otherTypes = [
  ...['', 'application/json, application/json', ...objectNames],
  ...words`text/plain application/x-www-form-urlencoded multipart/form-data application/json5 application/jsonx
    application/vnd.api+json */* application/* / ; application json application/x-ndjson-x application/json/x`,
];
const otherCharsets = words`latin1 utf-16 utf-7 x constructor __proto__ utf-8x iso-8859-1`;

/** Values of Content-Type; undefined where there is none. */
function toTypes(type: string): Choices<string | undefined> {
  const charsets = otherCharsets.map((charset) => `${type}; charset=${charset}`);
  return {
    valid: [...Array(8).fill(type), type.toUpperCase(), `${type};charset=UTF-8`, `${type} ; charset="utf-8"`],
    invalid: [undefined, ...otherTypes, ...charsets],
  };
}
export const jsonTypes = toTypes('application/json');
/** Inference also takes the JSON of clients that send no type, or that of forms. */
const untyped = [undefined, '', 'application/x-www-form-urlencoded'];
export const inferenceTypes: Choices<string | undefined> = {
  valid: [...(jsonTypes.valid ?? []), ...untyped],
  invalid: [
    ...(jsonTypes.invalid ?? []).filter((type) => !untyped.includes(type)),
    'application/octet-stream',
  ],
};
export const ndjsonTypes = toTypes('application/x-ndjson');

type Encode = (bytes: Buffer) => Buffer;

interface Coding {
  /** Of Content-Encoding; undefined where there is none. */
  header: string | undefined;
  encode: Encode;
  /** Whether lines may be stored before the API sees that the rest is damaged. */
  isCut?: boolean;
}

const plain: Encode = (bytes) => bytes;
const compressions = Object.entries<Encode>({
  gzip: (bytes) => gzipSync(bytes, { level: 1 }),
  deflate: (bytes) => deflateSync(bytes, { level: 1 }),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
});
const bomb = Buffer.concat([Buffer.alloc(8_000_000, ' '), Buffer.from('1')]);

function toDamaged([header, encode]: readonly [string, Encode]): Coding[] {
  const packedBomb = encode(bomb);
  const damages: Encode[] = [
    plain,
    () => packedBomb,
    () => Buffer.from([1, 7, 99, 200, 255]),
    (bytes) => encode(bytes).subarray(0, -5),
    (bytes) => encode(bytes).fill(255, Math.floor(encode(bytes).length / 2)),
  ];
  return damages.map((damage) => ({ header, encode: damage, isCut: true }));
}

const oddCodings = Object.entries<Encode>({
  'gzip, gzip': (bytes) => gzipSync(gzipSync(bytes)),
  'gzip, deflate': (bytes) => deflateSync(gzipSync(bytes)),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateRawSync(bytes),
  gzip: (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9)), bytes]),
  'identity, identity': plain,
  '': plain,
});
const otherCodings = [
  '\xff',
  'g zip',
  'gzip\t, x',
  ...objectNames,
  ...words`compress zstd x * gzip;q=1 utf-8`,
];

export const codings: Choices<Coding> = {
  valid: [
    ...Array<Coding>(20).fill({ header: undefined, encode: plain }),
    ...compressions.map(([header, encode]) => ({ header, encode })),
    ...compressions.map(([header, encode]) => ({ header: header.toUpperCase(), encode })),
    { header: 'identity', encode: plain },
  ],
  odd: oddCodings.map(([header, encode]) => ({ header, encode, isCut: true })),
  invalid: [...compressions.flatMap(toDamaged), ...otherCodings.map((header) => ({ header, encode: plain }))],
};

interface Framing {
  toHeaders: (length: number) => [name: string, value: string][];
  frame: Encode;
}

/** Chunks of a third of the body and less, each with the extension. */
function toChunks(bytes: Buffer, extension: string, trailer: string): Buffer {
  const parts: Buffer[] = [];
  const size = Math.max(1, Math.ceil(bytes.length / 3.5));
  for (let start = 0; start < bytes.length; start += size) {
    const part = bytes.subarray(start, start + size);
    parts.push(Buffer.from(`${part.length.toString(16)}${extension}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

const length = (value: number | string): [string, string] => ['Content-Length', String(value)];
const chunked: [string, string] = ['Transfer-Encoding', 'chunked'];
const badLengths = ['', ' ', '1 1', ...words`-1 +1 0x10 1e2 x 1,1 99999999999999999999 1.0`];
const badEncodings = ['chunked, gzip', 'chunked chunked', '\x0bchunked', 'identity', 'xchunked'];
const badChunks = [
  ...['x\r\n{}\r\n0\r\n\r\n', '-1\r\n{}\r\n', '0x2\r\n{}\r\n0\r\n\r\n', '\r\n\r\n', '5;\r\n\0\r\n'],
  ...['fffffffffffffffff\r\n{}\r\n', '2\r\n{}}}}\r\n0\r\n\r\n', '2 2\r\n{}\r\n0\r\n\r\n'],
];

/** How the head tells the length of the body; the invalid ones say something impossible. */
export const framings: Choices<Framing> = {
  valid: [
    ...Array<Framing>(3).fill({ toHeaders: (bytes) => [length(bytes)], frame: plain }),
    { toHeaders: () => [chunked], frame: (bytes) => toChunks(bytes, '', '') },
    { toHeaders: () => [chunked], frame: (bytes) => toChunks(bytes, ';name="value"', 'X-Trailer: 1\r\n') },
  ],
  invalid: [
    ...badLengths.map((value): Framing => ({ toHeaders: () => [length(value)], frame: plain })),
    ...badEncodings.map(
      (value): Framing => ({ toHeaders: () => [['Transfer-Encoding', value]], frame: plain }),
    ),
    ...badChunks.map((text): Framing => ({ toHeaders: () => [chunked], frame: () => Buffer.from(text) })),
    { toHeaders: (bytes) => [length(bytes), length(bytes + 1)], frame: plain },
    { toHeaders: (bytes) => [length(bytes), chunked], frame: (bytes) => toChunks(bytes, '', '') },
    { toHeaders: (bytes) => [length(bytes + 1)], frame: plain },
  ],
};
