import { createGunzip, createInflate } from 'node:zlib';
import { dumpAgain, type Fault, ImportError } from '../import-error.ts';
import { createByteReader } from './byte-reader.ts';
import { createBudget, fixedAllowance } from './machine.ts';
import type { PickleValue } from './pickle-value.ts';
import { readPickle } from './read-pickle.ts';

/** How many times a file's own size, and a constant, reading it may take in memory: the file itself included. */
const maxGrowth = 10;

export interface ModelFile {
  readonly value: PickleValue;
  readonly fault: Fault;
}

/**
 * The one object that a file of pickle or joblib holds, as plain data.
 *
 * @param source the file's name, for the messages
 * @throws ImportError
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
    const remedy = 'Dump each object to a file of its own';
    throw fault(`${reader.remaining} bytes follow the end of the pickle`, {
      offset: reader.position,
      remedy,
    });
  }
  return { value, fault };
}

const pickleMark = 0x80;

/** A model that joblib compressed has rarely more than six times the size of its file. */
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

const expected = 'Expected what pickle.dump or joblib.dump writes; for an ONNX file use --onnx';

/**
 * A pickle as it is, or out of zlib or gzip, as joblib's `compress` writes it; told by the first bytes, not by the name.
 * What it expands to is bounded by eight times its size and a constant, and held in memory once.
 *
 * @throws ImportError for anything else, by its name where it is known
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
    throw fault(`is compressed with ${compression.name}, which cannot be read here`, { remedy });
  }
  const format = otherFormats.find(({ prefix }) => startsWith(bytes, prefix));
  if (format) throw fault(`is ${format.name}`, { remedy: expected });
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw fault(`begins with the bytes ${start}: no pickle of protocol 2 to 5`, { remedy: expected });
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

type Create = typeof createGunzip | typeof createInflate;

/** Twice over the input: to know the length first costs time, but no second copy. */
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
