import { createGunzip, createInflate } from 'node:zlib';
import { dumpAgain, type Fault, ImportError } from '../import-error.ts';
import { createByteReader } from './byte-reader.ts';
import { createBudget, fixedAllowance } from './machine.ts';
import type { PickleValue } from './pickle-value.ts';
import { readPickle } from './read-pickle.ts';

/** Memory limit of reading a file, the file included, as a multiple of its size; a constant is added. */
const maxGrowth = 10;

export interface ModelFile {
  readonly value: PickleValue;
  readonly fault: Fault;
}

/**
 * Reads the single object in a pickle or joblib file as plain data.
 *
 * @param source the file's name, for error messages
 * @throws ImportError when the file is damaged, not a pickle, or contains anything that is not on the list of
 *   allowed names
 */
export async function readModelFile(bytes: Uint8Array, source: string): Promise<ModelFile> {
  const fault: Fault = (problem, { offset, remedy = dumpAgain } = {}) =>
    new ImportError(source, { problem, remedy, offset });
  const expanded = await decompress(bytes, fault);
  const held = bytes.length + (expanded === bytes ? 0 : expanded.length);
  const budget = createBudget(maxGrowth * bytes.length + fixedAllowance - held, fault);
  const reader = createByteReader(expanded, fault);
  const value = readPickle({ reader, budget, fault });
  if (reader.remaining > 0) {
    const remedy = 'Dump each object to its own file';
    throw fault(`${reader.remaining} bytes follow the end of the pickle`, {
      offset: reader.position,
      remedy,
    });
  }
  return { value, fault };
}

const pickleMark = 0x80;

/** Compression by joblib rarely exceeds a ratio of six. */
const maxRatio = 8;

interface Signature {
  readonly prefix: readonly number[];
  readonly name: string;
}

const refusedCompressions: readonly Signature[] = [
  { prefix: [0x42, 0x5a], name: 'bz2' },
  { prefix: [0x5d, 0x00], name: 'lzma' },
  { prefix: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'xz' },
  { prefix: [0x04, 0x22, 0x4d, 0x18], name: 'lz4' },
  { prefix: [0x28, 0xb5, 0x2f, 0xfd], name: 'zstd' },
  { prefix: [0x5a, 0x46], name: 'the compression of joblib before 0.10' },
];

const otherFormats: readonly Signature[] = [
  { prefix: [0x50, 0x4b, 0x03, 0x04], name: 'a zip archive' },
  { prefix: [0x93, 0x4e, 0x55, 0x4d], name: 'a NumPy array' },
  { prefix: [0x89, 0x48, 0x44, 0x46], name: 'an HDF5 file' },
  { prefix: [0x7b], name: 'JSON' },
];

const expected = 'Use a file written by pickle.dump or joblib.dump; for an ONNX file use --onnx';

/**
 * Returns a pickle unchanged, and decompresses zlib and gzip, which joblib's `compress` writes. The format is
 * detected by the first bytes, not by the file's name. The size of the result is limited to eight times the
 * file's size plus a constant.
 *
 * @throws ImportError for any other format, by name if it is known
 */
async function decompress(bytes: Uint8Array, fault: Fault): Promise<Uint8Array> {
  if (bytes.length === 0) throw fault('is empty');
  if (bytes[0] === pickleMark) return bytes;
  const create = startsWith(bytes, [0x1f, 0x8b])
    ? createGunzip
    : bytes[0] === 0x78
      ? createInflate
      : undefined;
  if (create) return expand(bytes, create, fault);

  const compression = refusedCompressions.find(({ prefix }) => startsWith(bytes, prefix));
  if (compression) {
    const remedy = 'Dump it with joblib.dump(model, file), or with compress=("gzip", 3)';
    throw fault(`is compressed with ${compression.name}, which is not supported`, { remedy });
  }
  const format = otherFormats.find(({ prefix }) => startsWith(bytes, prefix));
  if (format) throw fault(`is ${format.name}`, { remedy: expected });
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw fault(`begins with the bytes ${start}, which is not a pickle of protocol 2 to 5`, {
    remedy: expected,
  });
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

type Create = typeof createGunzip | typeof createInflate;

/** Decompresses twice, first to learn the length: this takes time, but no second copy in memory. */
async function expand(bytes: Uint8Array, create: Create, fault: Fault): Promise<Uint8Array> {
  const limit = maxRatio * bytes.length + fixedAllowance / 2;
  let length = 0;
  await eachChunk(bytes, { create, fault }, (chunk) => {
    length += chunk.length;
    if (length > limit) throw fault(`expands from ${bytes.length} to more than ${limit} bytes`);
  });
  const expanded = new Uint8Array(length);
  let at = 0;
  await eachChunk(bytes, { create, fault }, (chunk) => {
    expanded.set(chunk, at);
    at += chunk.length;
  });
  return expanded;
}

async function eachChunk(
  bytes: Uint8Array,
  { create, fault }: { create: Create; fault: Fault },
  use: (chunk: Uint8Array) => void,
): Promise<void> {
  const stream = create();
  stream.end(bytes);
  try {
    for await (const chunk of stream) use(chunk);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw fault(`cannot be decompressed: ${cause.message}`);
  }
}
