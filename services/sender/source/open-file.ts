import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import {
  decodeChunks,
  decodeText,
  detectEncoding,
  encodingSampleBytes,
  isUtf8Name,
} from '@sensor-sentinel/model/table';
import { FileFault, standardInputName, toFileFault, toShownName } from './file-state.ts';

type Bytes = AsyncIterable<Buffer>;

export interface FileSource {
  file: string;
  standardInput: Bytes;
  /** Empty: detected. */
  encoding: string;
}

export interface OpenedFile {
  /** Whether byte offsets of `chunks` are byte offsets of the file: true for UTF-8 without compression. */
  isSeekable: boolean;
  /** As detected, or as given. */
  encoding: string;
  /** The text of the first bytes; of a file with more, without the line that they cut off. */
  sample: string;
  /** UTF-8. A byte order mark stays in UTF-8 files, so that offsets are those of the file. */
  chunks: Bytes;
}

const chunkBytes = 256 * 1024;
/** Enough to recognize gzip and other formats. */
const signatureBytes = 8;

/** Opens the file at its beginning; gzip is recognized by its first bytes. @throws FileFault */
export async function openFile({ file, standardInput, encoding }: FileSource): Promise<OpenedFile> {
  const name = toShownName(file);
  const raw =
    file === standardInputName ? standardInput : createReadStream(file, { highWaterMark: chunkBytes });
  const opened = await peek(withFileFaults(name, raw), signatureBytes);
  const isGzip = opened.first[0] === 0x1f && opened.first[1] === 0x8b;
  const bytes = isGzip ? withFileFaults(name, gunzip(opened.chunks)) : opened.chunks;
  const { first, chunks, isWhole } = await peek(bytes, encodingSampleBytes);
  const used = encoding || detectEncoding(first);
  const decoded = decodeText(first, used);
  requireText(name, first, decoded);
  const sample = isWhole ? decoded : decoded.slice(0, decoded.lastIndexOf('\n') + 1) || decoded;
  if (isUtf8Name(used)) return { isSeekable: !isGzip, encoding: used, sample, chunks };
  return { isSeekable: false, encoding: used, sample, chunks: decodeChunks(chunks, used) };
}

/** Opens a seekable file at a byte offset. */
export function openFileAt(file: string, offset: number): Bytes {
  return withFileFaults(file, createReadStream(file, { highWaterMark: chunkBytes, start: offset }));
}

/** A pipe that pauses for so long after some lines has nothing else to say about the format. */
const pauseMs = 1000;

/** Reads the first bytes, fewer at the end or in a pause; `chunks` yields them again, then the rest. */
async function peek(iterator: AsyncGenerator<Buffer, void>, bytes: number) {
  const taken: Buffer[] = [];
  let [length, lines] = [0, 0];
  let pending: Promise<IteratorResult<Buffer, void>> | undefined;
  let isWhole = false;
  // A pipe may deliver its first bytes one by one.
  while (length < bytes && !isWhole && pending === undefined) {
    const next = iterator.next();
    const result = lines < 2 ? await next : await Promise.race([next, delay(pauseMs, undefined)]);
    if (result === undefined) pending = next;
    else if (result.done) isWhole = true;
    else {
      taken.push(result.value);
      length += result.value.length;
      lines += result.value.includes(10) ? 1 : 0;
    }
  }
  const first = Buffer.concat(taken);
  async function* all(): AsyncGenerator<Buffer, void> {
    try {
      yield first;
      const next = await pending;
      if (next?.done === false) yield next.value;
      if (next?.done !== true) yield* iterator;
    } finally {
      await iterator.return(undefined);
    }
  }
  return { first, chunks: all(), isWhole };
}

async function* withFileFaults(name: string, chunks: Bytes): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    throw toFileFault(name, error);
  }
}

function gunzip(chunks: Bytes): Bytes {
  // An error of either stream is thrown where the second one is read.
  return pipeline(chunks, createGunzip({ chunkSize: chunkBytes }), () => undefined);
}

/** A logger that lost power may leave some zeros among its rows. */
const binarySampleLength = 512;
const maxZeros = 4;

const otherFormats: readonly (readonly [signature: string, advice: string])[] = [
  ['PK\u0003\u0004', 'is a ZIP archive or a spreadsheet; save it as CSV'],
  ['PAR1', 'is a Parquet file; save it as CSV'],
  ['\xd0\xcf\x11\xe0', 'is an old spreadsheet; save it as CSV'],
  ['BZh', 'is compressed with bzip2; decompress it, or use gzip'],
  ['\xfd7zXZ', 'is compressed with xz; decompress it, or use gzip'],
  ['\x28\xb5\x2f\xfd', 'is compressed with zstd; decompress it, or use gzip'],
];

function requireText(name: string, first: Buffer, decoded: string): void {
  const start = first.toString('latin1', 0, signatureBytes);
  const other = otherFormats.find(([signature]) => start.startsWith(signature));
  if (other !== undefined) throw new FileFault(`${name} ${other[1]}`);
  if (decoded.slice(0, binarySampleLength).split('\0').length > maxZeros + 1)
    throw new FileFault(`${name} is not text; expected a CSV file of readings`);
}
