import type { RequestHandler, Router } from 'express';
import { ApiError } from './errors.ts';
import { parseJson, readBody, readBodyType } from './request-body.ts';

/** A handler that answers 405; `allowed` is the value of the `Allow` header. */
export function refuseMethod(allowed: string): RequestHandler {
  return ({ method }) => {
    const detail = `${method} is not allowed on this path. Use ${allowed}.`;
    throw new ApiError('method_not_allowed', { detail, headers: { Allow: allowed } });
  };
}

/** Adds a route for GET and HEAD; other methods are answered with 405. */
export function addGet<Params = Record<string, string>>(
  router: Router,
  path: string,
  answer: RequestHandler<Params>,
): void {
  router.route(path).get(answer).all(refuseMethod('GET, HEAD'));
}

/**
 * Parses a JSON body of at most `maxBodyBytes` into `request.body`, with the same checks as `POST /predict`. `otherTypes` are media
 * types that are taken for JSON too; undefined stands for a request without one.
 * @throws ApiError `body_too_large`, `malformed_request`, `unsupported_media_type`
 */
export function jsonBody(
  maxBodyBytes: number,
  otherTypes: readonly (string | undefined)[] = [],
): RequestHandler {
  return async (request, _response, next) => {
    // An empty header is one without a type, too.
    const [mediaType] = (request.headers['content-type'] || undefined)?.toLowerCase().split(';') ?? [];
    if (!otherTypes.includes(mediaType?.trim())) readBodyType(request, ['application/json']);
    request.body = parseJson(await readBody(request, maxBodyBytes));
    next();
  };
}
