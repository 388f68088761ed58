import type { Fault } from '../import-error.ts';

const lineFeed = 10;
const maxLineLength = 1024;

/** Reads numbers and byte ranges in sequence, within bounds. `what` names the value for the error message. */
export function createByteReader(bytes: Uint8Array, fault: Fault) {
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
    /** A view, not a copy. */
    take(length: number, what: string): Uint8Array {
      const start = advance(length, what);
      return bytes.subarray(start, start + length);
    },
    uint8: (what: string) => view.getUint8(advance(1, what)),
    uint16: (what: string) => view.getUint16(advance(2, what), true),
    uint32: (what: string) => view.getUint32(advance(4, what), true),
    int32: (what: string) => view.getInt32(advance(4, what), true),
    /** A length. Throws above 2⁵³, because no file is that long. */
    uint64(what: string): number {
      const offset = advance(8, what);
      const value = view.getBigUint64(offset, true);
      if (value > Number.MAX_SAFE_INTEGER) throw fault(`${what} declares ${value} bytes`, { offset });
      return Number(value);
    },
    /** Big-endian, as in pickles. */
    float64: (what: string) => view.getFloat64(advance(8, what)),
    /** The bytes up to the next line feed, which is skipped. */
    line(what: string): Uint8Array {
      const end = bytes.subarray(position, position + maxLineLength).indexOf(lineFeed);
      if (end < 0) throw fault(`${what} has no end within ${maxLineLength} bytes`, { offset: position });
      const start = advance(end + 1, what);
      return bytes.subarray(start, start + end);
    },
  };
}
export type ByteReader = ReturnType<typeof createByteReader>;
