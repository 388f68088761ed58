import type { RequestHandler } from 'express';
import { ApiError } from './errors.ts';

/** Answers 405; `allowed` as the header `Allow` has it. */
export function refuseMethod(allowed: string): RequestHandler {
  return ({ method }) => {
    const detail = `${method} is not allowed here; allowed: ${allowed}`;
    throw new ApiError('method_not_allowed', { detail, headers: { Allow: allowed } });
  };
}
