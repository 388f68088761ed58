import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { ApiError } from '../errors.ts';
import { requireUtf8 } from './request-body.ts';

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (request.is('application/json')) {
    next();
    return;
  }
  const given = request.get('content-type') ?? 'none';
  throw new ApiError('unsupported_media_type', {
    detail: `expected Content-Type: application/json, not ${given}`,
    headers: { Accept: 'application/json' },
  });
}

/** A JSON body of bounded size. */
export function jsonBody(maxBodyBytes: number): RequestHandler[] {
  return [
    requireJson,
    express.json({
      limit: maxBodyBytes,
      type: 'application/json',
      strict: false,
      verify: (_request, _response, bytes) => requireUtf8(bytes),
    }),
  ];
}
