import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ApiError } from './errors.ts';

const bodyTypes = ['application/json', 'application/x-ndjson'] as const;
type BodyType = (typeof bodyTypes)[number];

const decompressors = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** The largest allowed ratio of decompressed to received bytes ... */
const maxDecodedRatio = 200;
/** ... which is checked once the decompressed body is larger than this. */
const freeDecodedBytes = 1_048_576;

/** The media type of the body. @throws ApiError `unsupported_media_type` for other types and for charsets other than UTF-8 */
export function readBodyType(
  { headers }: IncomingMessage,
  accepted: readonly BodyType[] = bodyTypes,
): BodyType {
  const given = headers['content-type'] ?? 'none';
  if (given === 'application/json') return given; // the common case
  const [mediaType = '', ...parameters] = given.toLowerCase().split(';');
  const type = accepted.find((name) => name === mediaType.trim());
  if (!type) throw toUnsupported(`Expected Content-Type: ${accepted.join(' or ')}, not ${given}.`, accepted);
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  if (charset && !/=\s*"?utf-?8"?\s*$/.test(charset))
    throw toUnsupported(`Expected charset=utf-8, not ${charset.trim()}.`, accepted);
  return type;
}

/**
 * The body after decompression. Errors of the request and of the decompressor are emitted by the returned stream.
 * @throws ApiError `unsupported_media_type`
 */
export function decodeBody(request: IncomingMessage, maxDecodedBytes: number): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase();
  if (encoding === undefined || encoding === 'identity') return request;
  const createDecompressor = decompressors.get(encoding);
  if (!createDecompressor)
    throw toUnsupported(`The content encoding ${encoding} is not supported. Use gzip, deflate, br or none.`);
  const decompressor = createDecompressor();
  const decoded = limitDecoded({ decompressor, maxDecodedBytes });
  // The request is piped separately: `pipeline` would destroy it on an error, and with it the response's connection.
  pipeline(decompressor, decoded, () => undefined);
  decoded.on('error', () => undefined); // an error after the last read must not end the process
  request.once('error', (error) => decoded.destroy(error));
  request.pipe(decompressor);
  return decoded;
}

/** Decodes UTF-8 without its byte order mark. */
export function toText(bytes: Buffer): string {
  const text = bytes.toString();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** An error of reading a body as an ApiError. */
export function toMalformed(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ApiError('malformed_request', { detail: `The body could not be read: ${reason}`, cause: error });
}

/** Reads and decompresses the whole body. @throws ApiError `body_too_large`, `malformed_request`, `unsupported_media_type` */
export function readBody(request: IncomingMessage, maxBodyBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const body = decodeBody(request, maxBodyBytes);
    const chunks: Buffer[] = [];
    let length = 0;
    function take(chunk: Buffer): void {
      length += chunk.length;
      if (length <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      body.off('data', take);
      if (body !== request) body.destroy();
      reject(new ApiError('body_too_large', { detail: `The body has more than ${maxBodyBytes} bytes.` }));
    }
    body.on('data', take);
    body.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    body.once('error', (error) => reject(toMalformed(error)));
  });
}

/**
 * Parses JSON. Rejects invalid UTF-8, which decoding would replace by U+FFFD, so that different names would become the
 * same. @throws ApiError `malformed_request`
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new ApiError('malformed_request', { detail: 'The body is not valid UTF-8.' });
  try {
    return JSON.parse(toText(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiError('malformed_request', {
      detail: `The body is not valid JSON: ${reason}`,
      cause: error,
    });
  }
}

function toUnsupported(detail: string, accepted: readonly BodyType[] = bodyTypes): ApiError {
  return new ApiError('unsupported_media_type', { detail, headers: { Accept: accepted.join(', ') } });
}

interface DecompressionLimits {
  decompressor: { bytesWritten: number };
  maxDecodedBytes: number;
}

/** Passes decompressed chunks through and fails beyond the limits, since a few bytes may expand to gigabytes. */
function limitDecoded({ decompressor, maxDecodedBytes }: DecompressionLimits): Transform {
  let decodedBytes = 0;
  function findFault(): ApiError | null {
    if (decodedBytes > maxDecodedBytes) {
      const detail = `The body has more than ${maxDecodedBytes} bytes after decompression.`;
      return new ApiError('body_too_large', { detail });
    }
    const isBomb =
      decodedBytes > freeDecodedBytes && decodedBytes > maxDecodedRatio * decompressor.bytesWritten;
    if (!isBomb) return null;
    const detail = `The body is more than ${maxDecodedRatio} times as large after decompression. Send it uncompressed.`;
    return new ApiError('body_too_large', { detail });
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      decodedBytes += chunk.length;
      const fault = findFault();
      if (fault) done(fault);
      else done(null, chunk);
    },
  });
}
