import type { Fault } from '../import-error.ts';

/** Reads numbers and byte ranges in sequence, within bounds. `what` names the value for the error message. */
export interface ByteReader {
  readonly position: number;
  readonly remaining: number;
  /** A view, not a copy. */
  take(length: number, what: string): Uint8Array;
  uint8(what: string): number;
  uint16(what: string): number;
  uint32(what: string): number;
  int32(what: string): number;
  /** A length. Throws above 2⁵³, because no file is that long. */
  uint64(what: string): number;
  /** Big-endian, as in pickles. */
  float64(what: string): number;
  /** The bytes up to the next line feed, which is skipped. */
  line(what: string): Uint8Array;
}

const lineFeed = 10;
const maxLineLength = 1024;

export function createByteReader(bytes: Uint8Array, fault: Fault): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;

  /** @returns the offset of the bytes, which are skipped */
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
