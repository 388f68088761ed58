import type { Fault } from '../import-error.ts';

/** Reads numbers and stretches of bytes one after the other, never beyond the end. */
export interface ByteReader {
  readonly position: number;
  readonly remaining: number;
  /** A view, not a copy; `what` it is for, for the message when the file ends before. */
  take(length: number, what: string): Uint8Array;
  uint8(what: string): number;
  uint16(what: string): number;
  uint32(what: string): number;
  int32(what: string): number;
  /** A length; refused beyond 2⁵³, as no file is as long. */
  uint64(what: string): number;
  /** Big-endian, as pickles have it. */
  float64(what: string): number;
  /** Up to the next line feed, without it. */
  line(what: string): Uint8Array;
}

const lineFeed = 10;
const maxLineLength = 1024;

export function createByteReader(bytes: Uint8Array, fault: Fault): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;

  /** @returns where the bytes begin, which are now behind */
  function advance(length: number, what: string): number {
    const start = position;
    const left = bytes.length - start;
    if (length > left) {
      throw fault(`the file ends within ${what}: ${length} bytes expected, ${left} left`, { offset: start });
    }
    position += length;
    return start;
  }

  return {
    get position() {
      return position;
    },
    get remaining() {
      return bytes.length - position;
    },
    take(length, what) {
      const start = advance(length, what);
      return bytes.subarray(start, start + length);
    },
    uint8: (what) => view.getUint8(advance(1, what)),
    uint16: (what) => view.getUint16(advance(2, what), true),
    uint32: (what) => view.getUint32(advance(4, what), true),
    int32: (what) => view.getInt32(advance(4, what), true),
    uint64(what) {
      const offset = advance(8, what);
      const value = view.getBigUint64(offset, true);
      if (value > Number.MAX_SAFE_INTEGER) throw fault(`${what} declares ${value} bytes`, { offset });
      return Number(value);
    },
    float64: (what) => view.getFloat64(advance(8, what)),
    line(what) {
      const end = bytes.subarray(position, position + maxLineLength).indexOf(lineFeed);
      if (end < 0) throw fault(`${what} has no end within ${maxLineLength} bytes`, { offset: position });
      const start = advance(end + 1, what);
      return bytes.subarray(start, start + end);
    },
  };
}
