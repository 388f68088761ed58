import type { RequestHandler, Router } from 'express';
import { ApiError } from './errors.ts';

/** A handler that answers 405; `allowed` is the value of the `Allow` header. */
export function refuseMethod(allowed: string): RequestHandler {
  return ({ method }) => {
    const detail = `${method} is not allowed on this path. Use ${allowed}.`;
    throw new ApiError('method_not_allowed', { detail, headers: { Allow: allowed } });
  };
}

/** Adds a route for GET and HEAD; other methods are answered with 405. */
export function addGet(router: Router, path: string, answer: RequestHandler): void {
  router.route(path).get(answer).all(refuseMethod('GET, HEAD'));
}
