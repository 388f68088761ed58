import iconv from 'iconv-lite';

/** How many bytes at the start of a file are enough to detect its encoding. */
export const encodingSampleBytes = 64 * 1024;

/**
 * The encoding of a text by its first bytes: by a byte order mark; as UTF-16 where every second byte is zero; as UTF-8 where the
 * bytes are valid; else Windows-1252, which spreadsheets and loggers write in western Europe and America.
 */
export function detectEncoding(first: Uint8Array): string {
  const [a, b, c] = first;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const zeros = countZeros(first);
  if (zeros.odd > first.length / 8 && zeros.even === 0) return 'utf-16le';
  if (zeros.even > first.length / 8 && zeros.odd === 0) return 'utf-16be';
  return isUtf8(first) ? 'utf-8' : 'windows-1252';
}

function countZeros(bytes: Uint8Array) {
  const zeros = { even: 0, odd: 0 };
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2 === 0 ? 'even' : 'odd'] += 1;
  return zeros;
}

/** The last character may be cut off. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

export function isUtf8Name(encoding: string): boolean {
  return /^utf-?8$/i.test(encoding);
}

/** Whether the encoding can be decoded; names as in `utf-8`, `windows-1252`, `iso-8859-15`, `shift_jis`. */
export function isEncoding(name: string): boolean {
  return iconv.encodingExists(name);
}

/** A byte order mark is removed. */
export function decodeText(bytes: Uint8Array, encoding = detectEncoding(bytes)): string {
  return iconv.decode(bytes, encoding);
}

/** Decodes a stream to UTF-8. A byte order mark is removed. */
export async function* decodeChunks(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<Buffer> {
  const decoder = iconv.getDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.write(Buffer.from(chunk)));
  yield Buffer.from(decoder.end() ?? '');
}
