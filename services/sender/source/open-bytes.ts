import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { FileFault, toFileFault } from './file-fault.ts';

/** `plain`: UTF-8, where every byte has its place; the others can be read from their beginning only. */
export type Encoding = 'plain' | 'gzip' | 'utf-16le' | 'utf-16be';

type Bytes = AsyncIterable<Buffer>;
export type OpenedBytes = { encoding: Encoding; chunks: Bytes };
export type OpenOptions = { file: string; standardInput: Bytes };

const chunkBytes = 256 * 1024;
/** So named, the file is the standard input. */
export const standardInputName = '-';

const signatures: readonly (readonly [string, string])[] = [
  ['PK\u0003\u0004', 'is a ZIP archive or a spreadsheet; save it as CSV'],
  ['PAR1', 'is a Parquet file; save it as CSV'],
  ['\xd0\xcf\x11\xe0', 'is an old spreadsheet; save it as CSV'],
  ['BZh', 'is bzip2; unpack it, or compress it with gzip'],
  ['\xfd7zXZ', 'is xz; unpack it, or compress it with gzip'],
  ['\x28\xb5\x2f\xfd', 'is zstd; unpack it, or compress it with gzip'],
];

/** From the beginning, unpacked, as UTF-8 without a byte order mark. */
export async function openBytes({ file, standardInput }: OpenOptions): Promise<OpenedBytes> {
  const name = toShownName(file);
  const raw: Bytes =
    file === standardInputName ? standardInput : createReadStream(file, { highWaterMark: chunkBytes });
  const opened = await peek(name, raw);
  if (!isGzip(opened.first)) return decode(name, opened);
  const { encoding, chunks } = decode(name, await peek(name, gunzip(opened.chunks)));
  return { encoding: encoding === 'plain' ? 'gzip' : encoding, chunks };
}

/** Of a plain file only. */
export function openBytesAt(file: string, offset: number): Bytes {
  return named(file, createReadStream(file, { highWaterMark: chunkBytes, start: offset }));
}

/** Standard input has no name of its own. */
export function toShownName(file: string): string {
  return file === standardInputName ? 'standard input' : file;
}

type Peeked = { first: Buffer; chunks: Bytes };

/** The first bytes, and all of them again. */
async function peek(name: string, raw: Bytes): Promise<Peeked> {
  const iterator = named(name, raw);
  let first: Buffer = Buffer.alloc(0);
  // A pipe may give its first bytes one by one.
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

/** A fault says of which file it is. */
async function* named(name: string, chunks: Bytes): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    throw toFileFault(name, error);
  }
}

function isGzip(first: Buffer): boolean {
  return first[0] === 0x1f && first[1] === 0x8b;
}

async function* gunzip(chunks: Bytes): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  const feeding = feed(chunks, unpacked);
  try {
    yield* unpacked;
    await feeding;
  } finally {
    unpacked.destroy();
  }
}

async function feed(chunks: Bytes, into: NodeJS.WritableStream & { destroy: (error?: Error) => void }) {
  try {
    for await (const chunk of chunks) {
      if (!into.write(chunk)) {
        await new Promise((resolve) => {
          into.once('drain', resolve).once('close', resolve);
        });
      }
    }
    into.end();
  } catch (error) {
    into.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function decode(name: string, { first, chunks }: Peeked): OpenedBytes {
  const start = first.toString('latin1', 0, 8);
  if (start.startsWith('\xff\xfe')) return { encoding: 'utf-16le', chunks: transcode(chunks, 'utf-16le') };
  if (start.startsWith('\xfe\xff')) return { encoding: 'utf-16be', chunks: transcode(chunks, 'utf-16be') };
  const signature = signatures.find(([bytes]) => start.startsWith(bytes));
  if (signature !== undefined) throw new FileFault(`${name} ${signature[1]}`);
  if (first.includes(0)) throw new FileFault(`${name} is not text; expected a CSV file of readings`);
  return { encoding: 'plain', chunks };
}

async function* transcode(chunks: Bytes, encoding: 'utf-16le' | 'utf-16be'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
