import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ApiError } from '../errors.ts';

export const bodyTypes = ['application/json', 'application/x-ndjson'] as const;
export type BodyType = (typeof bodyTypes)[number];

const decompressors = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress };

function toUnsupported(detail: string): ApiError {
  return new ApiError('unsupported_media_type', { detail, headers: { Accept: bodyTypes.join(', ') } });
}

/** @throws ApiError `unsupported_media_type` */
export function readBodyType({ headers }: IncomingMessage): BodyType {
  const given = headers['content-type'] ?? 'none';
  if (given === 'application/json') return given; // by far the most
  const [mediaType = '', ...parameters] = given.toLowerCase().split(';');
  const type = bodyTypes.find((name) => name === mediaType.trim());
  if (!type) throw toUnsupported(`expected Content-Type: ${bodyTypes.join(' or ')}, not ${given}`);
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  if (charset && !/=\s*"?utf-?8"?\s*$/.test(charset))
    throw toUnsupported(`expected UTF-8, not ${charset.trim()}`);
  return type;
}

/** The body as it was before it was compressed. @throws ApiError `unsupported_media_type` */
export function decodeBody(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return request;
  const decompressor = decompressors[encoding as keyof typeof decompressors]; // undefined where there is none
  if (!decompressor) throw toUnsupported(`the content encoding ${encoding} is not supported`);
  const decoded = decompressor();
  request.once('error', (error) => decoded.destroy(error));
  return request.pipe(decoded);
}

export function toText(bytes: Buffer): string {
  const text = bytes.toString();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

export function toMalformed(error: unknown): ApiError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ApiError('malformed_request', { detail: `the body could not be read: ${reason}`, cause: error });
}

/** @throws ApiError `body_too_large`, `malformed_request`, `unsupported_media_type` */
export function readBody(request: IncomingMessage, maxBodyBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const body = decodeBody(request);
    let chunks: Buffer[] = [];
    let length = 0;
    body.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      reject(new ApiError('body_too_large', { detail: `the body has more than ${maxBodyBytes} bytes` }));
    });
    body.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    body.once('error', (error) => reject(toMalformed(error)));
  });
}

/** @throws ApiError `malformed_request` */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiError('malformed_request', {
      detail: `the body is not valid JSON: ${reason}`,
      cause: error,
    });
  }
}
