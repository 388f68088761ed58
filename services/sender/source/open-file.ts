import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import iconv from 'iconv-lite';
import { FileFault, standardInputName, toFileFault, toShownName } from './file-state.ts';

type Bytes = AsyncIterable<Buffer>;

export interface FileSource {
  file: string;
  standardInput: Bytes;
}

export interface OpenedFile {
  /** Whether byte offsets of `chunks` are byte offsets of the file: true for UTF-8 without compression. */
  isSeekable: boolean;
  /** UTF-8. A byte order mark stays in UTF-8 files, so that offsets are those of the file. */
  chunks: Bytes;
}

const chunkBytes = 256 * 1024;

/** Opens the file at its beginning; gzip and UTF-16 are recognized by their first bytes. @throws FileFault */
export async function openFile({ file, standardInput }: FileSource): Promise<OpenedFile> {
  const name = toShownName(file);
  const raw =
    file === standardInputName ? standardInput : createReadStream(file, { highWaterMark: chunkBytes });
  const opened = await peek(name, raw);
  const isGzip = opened.first[0] === 0x1f && opened.first[1] === 0x8b;
  const { first, chunks } = isGzip ? await peek(name, gunzip(opened.chunks)) : opened;
  const isUtf16 = /^(\xff\xfe|\xfe\xff)/.test(first.toString('latin1', 0, 2));
  if (isUtf16) return { isSeekable: false, chunks: decodeUtf16(chunks) };
  requireText(name, first);
  return { isSeekable: !isGzip, chunks };
}

/** Opens a seekable file at a byte offset. */
export function openFileAt(file: string, offset: number): Bytes {
  return withFileFaults(file, createReadStream(file, { highWaterMark: chunkBytes, start: offset }));
}

/** Reads the first bytes; `chunks` yields them again, then the rest. */
async function peek(name: string, raw: Bytes): Promise<{ first: Buffer; chunks: Bytes }> {
  const iterator = withFileFaults(name, raw);
  let first: Buffer = Buffer.alloc(0);
  // A pipe may deliver its first bytes one by one.
  while (first.length < 8) {
    const next = await iterator.next();
    if (next.done) break;
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  async function* all() {
    try {
      yield first;
      yield* iterator;
    } finally {
      await iterator.return(undefined);
    }
  }
  return { first, chunks: all() };
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

/** iconv-lite detects the byte order by the byte order mark, and removes the mark. */
async function* decodeUtf16(chunks: Bytes): AsyncGenerator<Buffer> {
  const decoder = iconv.getDecoder('utf-16');
  for await (const chunk of chunks) yield Buffer.from(decoder.write(chunk));
  yield Buffer.from(decoder.end() ?? '');
}

const otherFormats: readonly (readonly [signature: string, advice: string])[] = [
  ['PK\u0003\u0004', 'is a ZIP archive or a spreadsheet; save it as CSV'],
  ['PAR1', 'is a Parquet file; save it as CSV'],
  ['\xd0\xcf\x11\xe0', 'is an old spreadsheet; save it as CSV'],
  ['BZh', 'is compressed with bzip2; decompress it, or use gzip'],
  ['\xfd7zXZ', 'is compressed with xz; decompress it, or use gzip'],
  ['\x28\xb5\x2f\xfd', 'is compressed with zstd; decompress it, or use gzip'],
];

function requireText(name: string, first: Buffer): void {
  const start = first.toString('latin1', 0, 8);
  const other = otherFormats.find(([signature]) => start.startsWith(signature));
  if (other !== undefined) throw new FileFault(`${name} ${other[1]}`);
  if (first.includes(0)) throw new FileFault(`${name} is not text; expected a CSV file of readings`);
}
