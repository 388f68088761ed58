import type { RequestHandler, Router } from 'express';
import { ApiError } from './errors.ts';

/** Answers 405; `allowed` as the header `Allow` has it. */
export function refuseMethod(allowed: string): RequestHandler {
  return ({ method }) => {
    const detail = `${method} is not allowed here; allowed: ${allowed}`;
    throw new ApiError('method_not_allowed', { detail, headers: { Allow: allowed } });
  };
}

/** A route that only answers GET and HEAD. */
export function addGet(router: Router, path: string, answer: RequestHandler): void {
  router.route(path).get(answer).all(refuseMethod('GET, HEAD'));
}
