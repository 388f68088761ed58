import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Request } from 'express';
import type { Logger } from 'pino';
import { ApiError, type ProblemCode, problems } from '../errors.ts';

const bodyErrors: Readonly<Record<string, ProblemCode>> = {
  'entity.parse.failed': 'malformed_request',
  'entity.too.large': 'body_too_large',
  'encoding.unsupported': 'unsupported_media_type',
  'charset.unsupported': 'unsupported_media_type',
  'request.aborted': 'malformed_request',
  'request.size.invalid': 'malformed_request',
  'stream.encoding.set': 'internal_error',
};

/** What Express and its body parser say, in our words. */
function fromExpress(error: unknown): ApiError | undefined {
  if (error instanceof URIError)
    return new ApiError('malformed_request', { detail: 'the path is not valid' });
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  const isOfClient = typeof error.status === 'number' && error.status < 500;
  const code = bodyErrors[type] ?? (isOfClient ? 'malformed_request' : undefined);
  if (code === undefined) return undefined;
  const detail =
    code === 'malformed_request' ? `the body is not valid JSON: ${error.message}` : error.message;
  return new ApiError(code, { detail, cause: error });
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = 'The fault is logged. Try again later.';
  return fromExpress(error) ?? new ApiError('internal_error', { detail, cause: error });
}

function logFault(log: Logger, error: unknown, request: Request): ApiError {
  const apiError = toApiError(error);
  const { status } = problems[apiError.code];
  const fault = {
    err: apiError.cause ?? error,
    code: apiError.code,
    method: request.method,
    path: request.originalUrl.split('?')[0],
  };
  if (status >= 500) log[status === 500 ? 'error' : 'warn'](fault, STATUS_CODES[status]);
  return apiError;
}

/** Answers every error as `application/problem+json` (RFC 9457); logs those that are not the client's. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const { code, message, errors, headers } = logFault(log, error, request);
    const { status, title } = problems[code];
    const problem = { type: `urn:sensor-sentinel:problem:${code}`, title, status, detail: message, errors };
    response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** Answers the same errors as the Open Inference Protocol has them. */
export function createInferenceErrorHandler(log: Logger): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const { code, message, headers } = logFault(log, error, request);
    response.status(problems[code].status).set(headers).json({ error: message });
  };
}
