import type { RequestHandler } from 'express';
import { parseJson, readBody, readBodyType } from './request-body.ts';

/**
 * Parses a JSON body of at most `maxBodyBytes` into `request.body`, with the same checks as `POST /predict`.
 * @throws ApiError `body_too_large`, `malformed_request`, `unsupported_media_type`
 */
export function jsonBody(maxBodyBytes: number): RequestHandler {
  return async (request, _response, next) => {
    readBodyType(request, ['application/json']);
    request.body = parseJson(await readBody(request, maxBodyBytes));
    next();
  };
}
