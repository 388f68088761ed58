import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../testing/random.ts';
import { type Draft, setHeader } from './draft.ts';

const compressors = {
  gzip: (bytes: Buffer) => gzipSync(bytes, { level: 1 }),
  deflate: (bytes: Buffer) => deflateSync(bytes, { level: 1 }),
  br: (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};
type Coding = keyof typeof compressors;
const codings = ['gzip', 'deflate', 'br'] as const;

export interface Encoding {
  /** Whether the body breaks off after it has begun, so that lines before that may be stored. */
  isCutLater: boolean;
  encode: (bytes: Buffer) => Buffer;
}

const plain: Encoding = { isCutLater: false, encode: (bytes) => bytes };

const unknownCodings = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'compress',
  'zstd',
  'x',
  '*',
  'gzip;q=1',
  'g zip',
  '\xff',
  'utf-8',
  'gzip\t, x',
  'aws-chunked',
] as const;
const bombBytes = 8_000_000;
/** Too much after decompression, whatever the content type. */
const bomb = Buffer.concat([Buffer.alloc(bombBytes, ' '), Buffer.from('1')]);
const bombs = new Map<Coding, Buffer>();

function toBomb(coding: Coding): Buffer {
  const made = bombs.get(coding) ?? compressors[coding](bomb);
  bombs.set(coding, made);
  return made;
}

interface DamageOptions {
  coding: Coding;
  /** A stream is answered line by line: the answer may have begun before the damage is seen. */
  isNdjson: boolean;
}

function damage(draft: Draft, { coding, isNdjson }: DamageOptions, random: Random): Encoding {
  const refuse = (name: string, statuses: number[], encode: Encoding['encode']): Encoding => {
    if (isNdjson) draft.oddities.push(name);
    else draft.faults.push({ name: `${name} (${coding})`, statuses });
    return { isCutLater: true, encode };
  };
  const compress = compressors[coding];
  const chance = random.fraction();
  if (chance < 0.3) {
    return refuse('a truncated compressed body', [400], (bytes) => {
      const compressed = compress(bytes);
      return compressed.subarray(0, random.between(1, compressed.length - 1));
    });
  }
  if (chance < 0.5) {
    const garbage = Buffer.from(Array.from({ length: random.between(1, 200) }, () => random.between(0, 255)));
    return refuse('garbage as a compressed body', [400], () => Buffer.concat([Buffer.from([0x01]), garbage]));
  }
  if (chance < 0.75) return refuse('a mislabeled body', [400], (bytes) => bytes);
  return refuse('a body that decompresses to more than the limit', [413, 400], () => toBomb(coding));
}

/** Draws Content-Encoding and what it does to the body. */
export function drawEncoding(draft: Draft, isNdjson: boolean, random: Random): Encoding {
  if (random.isBelow(0.75)) return plain;
  const coding = random.pick(codings);
  const chance = random.fraction();
  if (chance < 0.35) {
    setHeader(draft, 'Content-Encoding', coding);
    return { isCutLater: false, encode: compressors[coding] };
  }
  if (chance < 0.6) {
    setHeader(draft, 'Content-Encoding', coding);
    return damage(draft, { coding, isNdjson }, random);
  }
  if (chance < 0.8) {
    const unknown = random.pick(unknownCodings);
    setHeader(draft, 'Content-Encoding', unknown);
    draft.faults.push({ name: `Content-Encoding: ${unknown}`, statuses: [415, 400] });
    return plain;
  }
  if (chance < 0.85) {
    setHeader(draft, 'Content-Encoding', random.pick(['identity', coding.toUpperCase()]));
    const isIdentity = draft.headers.at(-1)?.[1] === 'identity';
    return isIdentity ? plain : { isCutLater: false, encode: compressors[coding] };
  }
  draft.oddities.push('an unusual compression');
  const [value, encode] = random.pick<[string, Encoding['encode']]>([
    ['gzip, gzip', (bytes) => gzipSync(gzipSync(bytes))],
    ['gzip, deflate', (bytes) => deflateSync(gzipSync(bytes))],
    ['x-gzip', (bytes) => gzipSync(bytes)],
    ['deflate', (bytes) => deflateRawSync(bytes)],
    ['gzip', (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9))])],
    ['gzip', (bytes) => Buffer.concat([gzipSync(bytes), Buffer.from('after')])],
    ['identity, identity', (bytes) => bytes],
    ['', (bytes) => bytes],
  ]);
  setHeader(draft, 'Content-Encoding', value);
  return { isCutLater: true, encode };
}

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

const badLengths = [
  '-1',
  '+1',
  '0x10',
  '1e2',
  '',
  ' ',
  'x',
  '1,1',
  '99999999999999999999',
  '1 1',
  '1.0',
] as const;
const badChunks = [
  'x\r\n{}\r\n0\r\n\r\n',
  '-1\r\n{}\r\n',
  '0x2\r\n{}\r\n0\r\n\r\n',
  '\r\n\r\n',
  'fffffffffffffffff\r\n{}\r\n',
  '2\r\n{}}}}\r\n0\r\n\r\n',
  '2 2\r\n{}\r\n0\r\n\r\n',
  '5;\r\n\0\r\n',
] as const;

function breakFraming(draft: Draft, bytes: Buffer, random: Random): void {
  draft.isRefusedEarly = true;
  const refuse = (name: string, statuses: number[] = [400, 413]) => draft.faults.push({ name, statuses });
  const chance = random.fraction();
  draft.body = bytes;
  if (chance < 0.3) {
    setHeader(draft, 'Content-Length', random.pick(badLengths));
    refuse('an impossible Content-Length');
  } else if (chance < 0.4) {
    draft.headers.push(
      ['Content-Length', String(bytes.length)],
      ['Content-Length', String(bytes.length + 1)],
    );
    refuse('two different Content-Lengths');
  } else if (chance < 0.55) {
    draft.headers.push(['Content-Length', String(bytes.length)], ['Transfer-Encoding', 'chunked']);
    draft.body = toChunks(bytes, random);
    refuse('Content-Length beside Transfer-Encoding');
  } else if (chance < 0.7) {
    setHeader(
      draft,
      'Transfer-Encoding',
      random.pick(['identity', 'chunked, gzip', 'xchunked', 'chunked chunked', '\x0bchunked']),
    );
    refuse('an unknown Transfer-Encoding', [400, 411, 415]);
  } else if (chance < 0.95) {
    setHeader(draft, 'Transfer-Encoding', 'chunked');
    draft.body = Buffer.from(random.pick(badChunks));
    refuse('broken chunks', [400, 413]);
  } else {
    setHeader(draft, 'Content-Length', String(bytes.length + random.pick([1, 1000])));
    refuse('a body shorter than its Content-Length', [408, 400]); // 400 where the client has closed its side;
  }
}

/** Whether the framing of the body is to be invalid. Drawn before the body, whose readings depend on it. */
export function isFramingBroken(random: Random): boolean {
  return random.isBelow(0.03);
}

/** Says how long the body is. */
export function frameBody(
  draft: Draft,
  bytes: Buffer,
  { random, isBroken }: { random: Random; isBroken: boolean },
): void {
  if (isBroken) {
    breakFraming(draft, bytes, random);
  } else if (random.isBelow(0.3)) {
    setHeader(draft, 'Transfer-Encoding', random.isBelow(0.9) ? 'chunked' : 'CHUNKED');
    draft.body = toChunks(bytes, random);
  } else {
    setHeader(draft, 'Content-Length', String(bytes.length));
    draft.body = bytes;
  }
}
